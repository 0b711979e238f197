"""What the answers of a service taught about the rate of one account, in a form that outlives the run."""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class Learned(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is worth starting from next time. What is `None` was not told, or turned out as known beforehand."""

    shape: Literal["bucket", "window"]
    """Of the limit that this was learned of; for another one it means nothing."""
    calls: Annotated[int, Meta(ge=1)] | None = None
    """Calls in one period, as answers told."""
    seconds: Annotated[float, Meta(gt=0)] | None = None
    """Length of the period, as answers told."""
    unlimited: bool = False
    """An answer proved that there is no limit."""
    rate: Annotated[float, Meta(gt=0)] | None = None
    """Calls a second that a bucket refills, lowered because calls were refused."""
    burst: Annotated[float, Meta(ge=1)] | None = None
    """Calls that a bucket holds, lowered because calls were refused."""
