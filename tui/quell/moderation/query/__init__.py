"""The filter language: which messages a line of text means.

`free nitro` all words · `"free nitro"` the phrase · `/ni+tro/` a regex on the text as it was sent · `from:vlad`,
`from:/\\d{4}$/`, `from:vlad_*` the author · `in:general`, `in:work/` the room · `has:link` `has:file` ·
`is:deleted` `is:refused` `is:failed` `is:edited` `is:thread` `is:mine` `is:marked`, `is:held` and other states ·
`since:10m` `before:09:30` `since:yesterday` `before:2026-01-31` · `len>280` ·
`-word` or `not word` · `a or b` (weaker than standing side by side) · `(a or b) c`.

Words, phrases and names are compared in their form for matching (`quell.moderation.matching`): case, invisible
characters and look-alikes do not matter. Words and phrases are looked for in the text and in the names of its author.
"""

from quell.moderation.query.completion import completions
from quell.moderation.query.errors import QueryError
from quell.moderation.query.facts import Facts, NamedRoom
from quell.moderation.query.query import Query, parse

__all__ = ["Facts", "NamedRoom", "Query", "QueryError", "completions", "parse"]
