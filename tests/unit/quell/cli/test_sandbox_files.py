import configparser
import tomllib
from pathlib import Path

from quell.cli.sandbox_files import write_config

ROCKETCHAT = {"url": "http://127.0.0.1:1", "user_id": "u", "auth_token": "t0ken"}
IVS = {
    "endpoint_url": "http://127.0.0.1:2",
    "messaging_url": "ws://127.0.0.1:2",
    "region": "us-west-2",
    "access_key_id": "AKIA",
    "secret_access_key": "s3cr3t",
}


def test_both_accounts_and_their_secrets(tmp_path: Path) -> None:
    folder = tmp_path / 'a "folder"'
    folder.mkdir()
    file = folder / "config.toml"
    write_config(file, ROCKETCHAT, IVS)
    accounts = tomllib.loads(file.read_text())["accounts"]
    assert accounts["work"] == {
        "provider": "rocketchat",
        "url": "http://127.0.0.1:1",
        "user_id": "u",
        "token": {"file": "config.toml.token"},
    }
    assert accounts["live"] == {
        "provider": "ivs",
        "region": "us-west-2",
        "profile": "sandbox",
        "credentials_file": str(folder / "config.toml.aws"),
        "endpoint_url": "http://127.0.0.1:2",
        "messaging_url": "ws://127.0.0.1:2",
        "logs_endpoint_url": "http://127.0.0.1:2",
    }
    assert (folder / "config.toml.token").read_text() == "t0ken\n"
    aws = configparser.ConfigParser()
    aws.read(folder / "config.toml.aws")
    assert dict(aws["sandbox"]) == {"aws_access_key_id": "AKIA", "aws_secret_access_key": "s3cr3t"}


def test_no_secret_is_in_the_configuration(tmp_path: Path) -> None:
    write_config(tmp_path / "c", ROCKETCHAT, IVS)
    text = (tmp_path / "c").read_text()
    assert "t0ken" not in text
    assert "s3cr3t" not in text


def test_nobody_else_can_read_any_of_them_and_nothing_else_stays_behind(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("an older one")
    (tmp_path / "c").chmod(0o644)
    write_config(tmp_path / "c", ROCKETCHAT, IVS)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert modes == {"c": 0o600, "c.aws": 0o600, "c.token": 0o600}
