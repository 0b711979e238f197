"""The widget that shows a timeline, and the pure model it draws from."""

from quell.widgets.feed.feed import Feed, FeedSource

__all__ = ["Feed", "FeedSource"]
