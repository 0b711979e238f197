"""The widget that shows a timeline, and the pure model it draws from."""

from quell.widgets.feed.feed import Feed
from quell.widgets.feed.mouse import MouseFeed
from quell.widgets.feed.source import FeedSource

__all__ = ["Feed", "FeedSource", "MouseFeed"]
