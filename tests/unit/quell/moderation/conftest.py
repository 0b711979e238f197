"""What all moderation tests share."""

from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test's journal lies; its folder is still to be made."""
    return tmp_path / "data" / "quell" / "journal.sqlite3"
