from pathlib import Path

import pytest

from quell.config import Bookkeeping, ConfigError, JournalSettings, load_bookkeeping, load_config
from quell.moderation.journal import EvidencePolicy

LIVE = '[accounts.live]\nprovider = "ivs"\nregion = "us-west-2"\n'
DAY = 86_400.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_defaults(file: Path) -> None:
    file.write_text(LIVE)
    assert load_config(file).journal == JournalSettings(evidence="full", evidence_ttl_days=30)
    assert load_config(file).journal.policy == EvidencePolicy(keep="full", seconds=30 * DAY)


def test_both_can_be_set(file: Path) -> None:
    file.write_text(LIVE + '[journal]\nevidence = "excerpt"\nevidence_ttl_days = 7\n')
    assert load_config(file).journal.policy == EvidencePolicy(keep="excerpt", seconds=7 * DAY)


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ('evidence = "some"', "journal.evidence", "not one of the known values"),
        ("evidence = 1", "journal.evidence", "must be text, not a whole number"),
        ("evidence_ttl_days = 0", "journal.evidence_ttl_days", "must be 1 to 3650, not 0"),
        ("evidence_ttl_days = 3651", "journal.evidence_ttl_days", "must be 1 to 3650, not 3651"),
        ('evidence_ttl_days = "30"', "journal.evidence_ttl_days", "must be a whole number, not text"),
        ("evidense = 1", "journal.evidense", "unknown key"),
    ],
)
def test_problems(file: Path, text: str, key: str, message: str) -> None:
    file.write_text(f"{LIVE}[journal]\n{text}\n")
    for load in (load_config, load_bookkeeping):
        with pytest.raises(ConfigError) as caught:
            load(file)
        (problem,) = caught.value.problems
        assert (problem.line, problem.key) == (5, key)
        assert message in problem.message


def test_bookkeeping_asks_for_no_secret_and_no_account(file: Path) -> None:
    file.write_text('moderator = "Mo"\n[accounts.x]\ntoken = { command = ["false"] }\n[journal]\nevidence = "hash"\n')
    assert load_bookkeeping(file) == Bookkeeping("Mo", JournalSettings(evidence="hash"))


def test_without_a_configuration_nobody_knows_how_long_to_keep_things(file: Path, home: Path) -> None:
    assert load_bookkeeping().journal is None
    assert load_bookkeeping().moderator
    with pytest.raises(ConfigError, match="no configuration"):
        load_bookkeeping(file)
