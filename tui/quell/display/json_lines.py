"""Records for programs that a terminal may print all the same."""

import json
from collections.abc import Mapping

from quell.display.printable import Printable


def json_line(fields: Mapping[str, object]) -> Printable:
    """A JSON object of printable ASCII characters only: everything else is escaped, and so comes back unchanged."""
    return _escaped(fields)


def json_string(text: str) -> Printable:
    """A text as a JSON string of printable ASCII characters only."""
    return _escaped(text)


def _escaped(value: object) -> Printable:
    return Printable(json.dumps(value).replace("\x7f", "\\u007f"))
