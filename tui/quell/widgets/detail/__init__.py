"""The detail pane: everything about one message."""

from quell.widgets.detail.outcome_text import outcome_parts
from quell.widgets.detail.pane import DetailPane
from quell.widgets.detail.subject import Subject
from quell.widgets.detail.view import DetailText, PartsView

__all__ = ["DetailPane", "DetailText", "PartsView", "Subject", "outcome_parts"]
