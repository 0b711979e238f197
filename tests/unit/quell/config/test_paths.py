from pathlib import Path

from quell.config import journal_path


def test_the_journal_lies_in_the_data_folder(home: Path) -> None:
    assert journal_path() == home / "data" / "quell" / "journal.sqlite3"
    assert not journal_path().parent.exists()
