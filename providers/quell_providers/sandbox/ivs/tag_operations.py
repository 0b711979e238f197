"""ListTagsForResource, TagResource and UntagResource."""

from collections.abc import Mapping

from quell_providers.sandbox.ivs import errors
from quell_providers.sandbox.ivs.call import Body, Call, Resource
from quell_providers.sandbox.ivs.operations import MOST_TAGS

_RESERVED = "aws:"
"""Tag keys that begin so belong to AWS (Tag naming limits and requirements)."""


def list_tags(call: Call) -> Body:
    """All tags of a room or logging configuration."""
    return {"tags": dict(_tagged(call).tags)}


def tag(call: Call) -> Body:
    """Add tags, or change the values of those that are there."""
    given = check_tags(call.body["tags"])
    tags = _tagged(call).tags
    if len(tags.keys() | given.keys()) > MOST_TAGS:
        raise errors.unacceptable(f"A resource has at most {MOST_TAGS} tags.")
    tags.update(given)
    return {}


def untag(call: Call) -> Body:
    """Take tags away; keys that are not there are no mistake."""
    for key in call.body["tagKeys"]:
        _tagged(call).tags.pop(key, None)
    return {}


def check_tags(tags: Mapping[str, str] | None) -> dict[str, str]:
    """The tags of a request. Raises AwsError when one of them is reserved."""
    reserved = [key for key in tags or () if key.lower().startswith(_RESERVED)]
    if reserved:
        raise errors.invalid({"tags": f"Tag keys must not begin with {_RESERVED}"})
    return dict(tags or {})


def _tagged(call: Call) -> Resource:
    assert call.resource is not None
    return call.resource
