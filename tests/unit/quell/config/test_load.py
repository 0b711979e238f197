import os
import pwd
from pathlib import Path

import pytest

from quell.config import Config, ConfigError, DeletionSettings, Problem, load_config
from quell.moderation.reasons import PRESETS, Preset
from quell_providers.ivs.settings import IvsSettings
from quell_providers.rocketchat.settings import RocketChatSettings

WORK = """\
[accounts.work]
provider = "rocketchat"
url = "https://chat.example.org"
user_id = "aBcD1234"
token = { env = "WORK_TOKEN" }
"""
LIVE = """\
[accounts.live]
provider = "ivs"
region = "us-west-2"
"""


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORK_TOKEN", "tok-en")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def read(file: Path, text: str) -> Config:
    file.write_text(text)
    return load_config(file)


def problems(file: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        read(file, text)
    assert all(problem.file == file for problem in caught.value.problems)
    return caught.value.problems


def test_accounts_of_both_providers_in_the_order_of_the_file(file: Path) -> None:
    config = read(file, LIVE + WORK)
    assert config.path == file
    assert [(account.name, account.plugin.name) for account in config.accounts] == [
        ("live", "ivs"),
        ("work", "rocketchat"),
    ]
    live, work = (account.settings for account in config.accounts)
    assert isinstance(live, IvsSettings)
    assert live.region == "us-west-2"
    assert isinstance(work, RocketChatSettings)
    assert work.token is not None
    assert work.token.reveal() == "tok-en"


def test_a_secret_is_in_no_representation(file: Path) -> None:
    assert "tok-en" not in repr(read(file, WORK))


def test_defaults(file: Path) -> None:
    config = read(file, WORK)
    assert config.deletion == DeletionSettings(grace_seconds=5.0, reason_required=False, type_count_above=50)
    assert (config.console.theme, config.console.follow_rooms) == ("", 20)
    assert config.reasons == PRESETS
    assert config.moderator == pwd.getpwuid(os.getuid()).pw_name


def test_the_moderator_is_not_taken_from_the_environment(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setenv("USER", "somebody-else")
    assert read(file, WORK).moderator != "somebody-else"


def test_everything_can_be_set(file: Path) -> None:
    settings = """
    moderator = "Mo"
    [deletion]
    grace_seconds = 0
    reason_required = true
    type_count_above = 10
    [console]
    theme = "nord"
    follow_rooms = 3
    staff = ["Lena Fischer", "lena.f"]
    [[reasons]]
    key = "x"
    code = "cheat"
    text = "Cheating in the game"
    """
    config = read(file, settings + WORK)
    assert config.moderator == "Mo"
    assert config.deletion == DeletionSettings(grace_seconds=0, reason_required=True, type_count_above=10)
    assert (config.console.theme, config.console.follow_rooms) == ("nord", 3)
    assert config.console.staff == ("Lena Fischer", "lena.f")
    assert config.reasons == (Preset("x", "cheat", "Cheating in the game"),)


@pytest.mark.parametrize(
    ("text", "line", "key", "message", "hint"),
    [
        ("acounts = 1\n" + WORK, 1, "acounts", "unknown key", "did you mean `accounts`?"),
        ("zzz = 1\n" + WORK, 1, "zzz", "unknown key", "known here: accounts, console"),
        ("", None, "accounts", "no account is configured", "[accounts.work]"),
        ("accounts = 3", 1, "accounts", "no account is configured", "[accounts.work]"),
        ("[accounts]\nwork = 3", 2, "accounts.work", "must be a table", "[accounts.work]"),
        (LIVE.replace("live", '"a/b"'), 1, "accounts.a/b", "not a name", "small letters"),
        (LIVE.replace("live", "Live"), 1, "accounts.Live", "not a name", "small letters"),
        ('[accounts.x]\nregion = "x"', 1, "accounts.x", "`provider` is missing", "ivs, rocketchat"),
        ('[accounts.x]\nprovider = "rocket"', 2, "accounts.x.provider", "no such provider: rocket", "`rocketchat`"),
        ("[accounts.x]\nprovider = 7", 2, "accounts.x.provider", "no such provider: 7", "ivs, rocketchat"),
        (LIVE + "profil = 'a'", 4, "accounts.live.profil", "unknown key", "did you mean `profile`?"),
        ('[accounts.x]\nprovider = "ivs"', 1, "accounts.x", "`region` is missing", "region ="),
        (LIVE.replace("us-west-2", "us-wets-2"), 3, "accounts.live.region", "us-wets-2", "did you mean `us-west-2`?"),
        (LIVE.replace('"us-west-2"', "2"), 3, "accounts.live.region", "must be text, not a whole number", ""),
        (LIVE + "profile = ['a']", 4, "accounts.live.profile", "must be text, not a list", ""),
        (WORK.replace("https:", "http:"), 3, "accounts.work.url", "https://", ""),
        (WORK.replace("WORK_TOKEN", "NO_TOKEN"), 5, "accounts.work.token", "NO_TOKEN is not set", "export NO_TOKEN"),
        (WORK.replace('{ env = "WORK_TOKEN" }', '"tok-en"'), 5, "accounts.work.token", "does not belong", "QUELL_WORK"),
        (WORK[: WORK.index("token")], 4, "accounts.work.user_id", "goes with token", ""),
        (WORK + "[deletion]\ngrace_seconds = 31", 7, "deletion.grace_seconds", "0 to 30 seconds, not 31", ""),
        (WORK + "[deletion]\ngrace_seconds = -1", 7, "deletion.grace_seconds", "0 to 30 seconds, not -1", ""),
        (WORK + "[deletion]\ngrace_seconds = nan", 7, "deletion.grace_seconds", "0 to 30 seconds, not nan", ""),
        (WORK + "[deletion]\ngrace_seconds = '5'", 7, "deletion.grace_seconds", "must be a number, not text", ""),
        (WORK + "[deletion]\ntype_count_above = -1", 7, "deletion.type_count_above", "0 or more", ""),
        (WORK + "[deletion]\nreason_requird = true", 7, "deletion.reason_requird", "unknown key", "`reason_required`"),
        ("deletion = 1\n" + WORK, 1, "deletion", "must be a table", "[deletion]"),
        (WORK + "[console]\nfollow_rooms = -1", 7, "console.follow_rooms", "0 or more", ""),
        (WORK + "[console]\nstaff = ['Lena', ' ']", 7, "console.staff", "names of people", ""),
        (WORK + "[console]\nstaff = 'Lena'", 7, "console.staff", "must be a list, not text", ""),
        (WORK + "[console]\nstaff = ['Lena', 7]", 7, "console.staff", "must be text, not a whole number", ""),
        ("moderator = 1\n" + WORK, 1, "moderator", "must be a name", "journal"),
        ('moderator = "a\\nb"\n' + WORK, 1, "moderator", "must be a name", "journal"),
        ("reasons = 1\n" + WORK, 1, "reasons", "list of tables", "[[reasons]]"),
        (WORK + "[[reasons]]\nkey = 'x'\ncode = 'y'", 6, "reasons[1]", "`text` is missing", "text ="),
        (WORK + "[[reasons]]\nkey = 'xy'\ncode = 'y'\ntext = ''", 7, "reasons[1].key", "one character", '"1"'),
        (WORK + "[[reasons]]\nkey = 'x'\ncode = ''\ntext = ''", 8, "reasons[1].code", "must not be empty", "spam"),
        (WORK + '[[reasons]]\nkey = "x"\ncode = "y"\ntext = "a\\u001bb"', 9, "reasons[1].text", "U+001B", ""),
        (WORK + "[[reasons]]\nkey='x'\ncode='y'\ntext=''\n" * 2, 11, "reasons[2].key", "already picks", ""),
    ],
)
def test_a_problem_names_its_line_and_key(
    file: Path, text: str, line: int | None, key: str, message: str, hint: str
) -> None:
    (problem,) = problems(file, text)
    assert (problem.line, problem.key) == (line, key)
    assert message in problem.message
    assert hint in problem.hint
    place = f"{file}:{line}: {key}: " if line else f"{file}: {key}: "
    assert str(problem).startswith(place)


def test_every_problem_is_told_in_the_order_of_the_file(file: Path) -> None:
    text = """\
    modrator = "Mo"
    [accounts.work]
    provider = "rocketchat"
    url = "http://chat.example.org"
    user_id = "aBcD1234"
    token = { env = "NO_TOKEN" }
    tokn = 1
    [accounts.live]
    provider = "ivs"
    region = "us-wets-2"
    profil = "x"
    [deletion]
    grace_seconds = 45
    reason_required = "yes"
    """
    found = [(problem.line, problem.key) for problem in problems(file, text)]
    assert found == [
        (1, "modrator"),
        (4, "accounts.work.url"),
        (6, "accounts.work.token"),
        (7, "accounts.work.tokn"),
        (10, "accounts.live.region"),
        (11, "accounts.live.profil"),
        (13, "deletion.grace_seconds"),
        (14, "deletion.reason_required"),
    ]


def test_a_secret_in_the_file_is_not_repeated_in_the_message(file: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(file, WORK.replace('{ env = "WORK_TOKEN" }', '"s3cr3t"'))
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb = = 2\n", 2, 5),
        ("a = 1\n[accounts.work\n", 2, 15),
        ("a = 1\n\nb = '''x\n\n", 5, None),
        ("a = 1\na = 2\n", 2, 6),
    ],
)
def test_a_syntax_error_names_its_place(file: Path, text: str, line: int, column: int | None) -> None:
    (problem,) = problems(file, text)
    assert (problem.line, problem.column) == (line, column)
    assert problem.message.startswith("not valid TOML: ")
    assert "line" not in problem.message


def test_a_file_that_is_not_utf8_names_the_line(file: Path) -> None:
    file.write_bytes(b"moderator = 'Mo'\nx = '\xff'\n")
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    assert [(problem.line, problem.message) for problem in caught.value.problems] == [(2, "is not UTF-8 text")]


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can not be read: Is a directory"):
        load_config(tmp_path)


def test_without_a_file_the_first_steps_are_told(home: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config()
    (problem,) = caught.value.problems
    assert problem.file == home / "config" / "quell" / "config.toml"
    assert "[accounts.work]" in problem.hint
    assert "quell demo" in problem.hint


def test_the_variable_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "elsewhere.toml"
    file.write_text(LIVE)
    monkeypatch.setenv("QUELL_CONFIG", str(file))
    assert load_config().path == file


def test_the_usual_file(home: Path) -> None:
    file = home / "config" / "quell" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(LIVE)
    assert load_config().path == file


def test_an_explicit_file_comes_before_the_variable(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUELL_CONFIG", "/nowhere.toml")
    assert read(file, LIVE).path == file


def test_a_ceiling_for_an_account(file: Path) -> None:
    config = read(file, WORK + "[deletion]\nceiling_per_minute = { work = 5 }\n")
    assert config.deletion.ceiling_per_minute == {"work": 5.0}


@pytest.mark.parametrize(("ceiling", "message"), [("{ wrok = 5 }", "no such account"), ("{ work = 0 }", "more than 0")])
def test_a_ceiling_that_can_not_be(file: Path, ceiling: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read(file, WORK + f"[deletion]\nceiling_per_minute = {ceiling}\n")
