"""What keeps the product from starting is one sentence, and exit 1."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from neighbourly.cli.launcher import main
from neighbourly.core.postgres import FolderLock
from tests.running.product import free_port, run, start_in_vain

PRODUCTION = {
    "NEIGHBOURLY_ENV": "production",
    "NEIGHBOURLY_SECRET_KEY": "k" * 32,
    "NEIGHBOURLY_PUBLIC_URL": "https://voisins.example",
    "NEIGHBOURLY_OPERATOR": "La ville",
    "NEIGHBOURLY_CONTACT": "aide@voisins.example",
    "NEIGHBOURLY_MAIL_FROM": "aide@voisins.example",
}


def refusal(folder: Path, *options: str, **values: str) -> str:
    """What `python wsgi.py` says in such an environment; it has to be one sentence, and exit 1."""
    given = {"NEIGHBOURLY_DATA_DIR": str(folder)} | values
    done = CliRunner().invoke(main, ["--port", str(free_port()), *options], env=given)
    assert done.exit_code == 1, done.output
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith(".\n")
    return done.stderr.strip()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"NEIGHBOURLY_ENV": "prod"}, "NEIGHBOURLY_ENV is 'prod', but must be one of"),
        ({"NEIGHBOURLY_COLOUR": "blue"}, "NEIGHBOURLY_COLOUR is not a setting"),
        ({"NEIGHBOURLY_DATABASE_URL": "mysql://x"}, "NEIGHBOURLY_DATABASE_URL must begin with postgresql://"),
        ({"NEIGHBOURLY_SMTP_URL": "mail.example"}, "NEIGHBOURLY_SMTP_URL must look like smtp://host"),
        ({"NEIGHBOURLY_TRUSTED_PROXIES": "two"}, "must be a whole number from 0 to 10"),
        ({"NEIGHBOURLY_FIREBASE_CREDENTIALS": "/nowhere.json"}, "there is no such file"),
        ({"NEIGHBOURLY_ENV": "production"}, "NEIGHBOURLY_SECRET_KEY must be set in production"),
        (PRODUCTION | {"NEIGHBOURLY_SECRET_KEY": "short"}, "at least 32 characters"),
        (PRODUCTION | {"NEIGHBOURLY_PUBLIC_URL": "http://voisins.example"}, "must begin with https://"),
        (PRODUCTION | {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"}, "Firebase would accept unsigned tokens"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, values, words):
    assert words in refusal(tmp_path, **values)


def test_the_demo_is_not_for_production(tmp_path):
    assert "not for production" in refusal(tmp_path, "--demo", **PRODUCTION)


def test_a_port_in_use_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert f"Port {port} of 127.0.0.1 is in use" in refusal(tmp_path, "--port", str(port))


def test_an_address_of_another_machine_is_named(tmp_path):
    assert "cannot be listened on" in refusal(tmp_path, "--host", "192.0.2.1")


def test_a_data_folder_in_use_is_named(tmp_path):
    with FolderLock(tmp_path):
        assert f"The data folder {tmp_path} is in use by another neighbourly" in refusal(tmp_path)


def test_a_data_folder_that_cannot_be_is_named(tmp_path):
    (tmp_path / "file").touch()
    assert "cannot be used: Not a directory" in refusal(tmp_path / "file" / "var")


def test_an_unreachable_database_is_named(tmp_path):
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    done = start_in_vain(tmp_path, "--port", str(free_port()), database_url=url)
    assert done.returncode == 1
    assert done.stderr.startswith("The database cannot be reached: ")
    assert done.stderr.count("\n") == 1


def test_commands_and_servers_refuse_a_wrong_setting_in_one_sentence_too(tmp_path):
    done = run(tmp_path, "audit", "verify", env="prod")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("NEIGHBOURLY_ENV is 'prod'")


def test_help_starts_no_database(tmp_path):
    done = run(tmp_path / "var", "users", "--help")
    assert done.returncode == 0
    assert "promote" in done.stdout
    assert not (tmp_path / "var" / "postgres").exists()
