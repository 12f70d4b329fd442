"""The development page: what was sent, for whoever sits at the machine, and for nobody else."""

from __future__ import annotations

import json

import pytest

from neighbourly.app import create_app
from neighbourly.core.mail import FolderPostman, Mail
from neighbourly.demo.backstage import newest_mails, newest_pushes
from neighbourly.demo.policy import may_look_inside
from tests import databases


@pytest.mark.parametrize(
    ("address", "host", "allowed"),
    [
        ("127.0.0.1", "127.0.0.1:8000", True),
        ("127.0.0.1", "localhost:8000", True),
        ("127.0.0.1", "localhost", True),
        ("127.8.8.8", "127.0.0.1", True),
        ("::1", "[::1]:8000", True),
        ("127.0.0.1", "voisins.example", False),
        ("127.0.0.1", "localhost.voisins.example:8000", False),
        ("127.0.0.1", "[::1", False),
        ("127.0.0.1", "", False),
        ("192.168.1.7", "localhost:8000", False),
        ("2001:db8::1", "localhost:8000", False),
        (None, "localhost", False),
    ],
)
def test_who_may_look_inside(address, host, allowed):
    assert may_look_inside(address, host) is allowed


def test_mails_show_their_codes_newest_first(tmp_path):
    postman = FolderPostman(tmp_path, "hello@example.org")
    postman.send(Mail("ana@example.org", "Votre code", "Bonjour !\n\n    042871\n\nÀ bientôt, 123456.\n"))
    postman.send(Mail("bob@example.org", "Bonjour", "Rien à taper, pas même 123456.\n"))
    newest, before = newest_mails(tmp_path)
    assert (newest.to, newest.code) == ("bob@example.org", None)
    assert (before.to, before.code) == ("ana@example.org", "042871")
    assert "\r" not in before.text


def push(installation: str, title: str) -> str:
    message = {"token": "t", "notification": {"title": title, "body": "…"}, "data": {"link": "https://x.example"}}
    return json.dumps({"token": "t", "installation_id": installation, "message": message})


def test_pushes_name_whose_phone_it_is_newest_first(tmp_path):
    (tmp_path / "push.jsonl").write_text(f"{push('a', 'first')}\n{push('b', 'second')}\n{push('c', 'half writ')[:40]}")
    newest, before = newest_pushes(tmp_path / "push.jsonl", {"a": "Ana A."})
    assert (newest.title, newest.to) == ("second", None)
    assert (before.title, before.to) == ("first", "Ana A.")


def test_of_a_long_file_only_the_end_is_read(tmp_path):
    (tmp_path / "push.jsonl").write_text("".join(f"{push('a', str(number))}\n" for number in range(5000)))
    found = newest_pushes(tmp_path / "push.jsonl", {})
    assert [each.title for each in found] == [str(number) for number in range(4999, 4949, -1)]


def test_nothing_was_sent_yet(tmp_path):
    assert newest_pushes(tmp_path / "push.jsonl", {}) == []
    assert newest_mails(tmp_path / "mail") == []


@pytest.mark.parametrize(
    ("env", "dev_page", "status"),
    [("development", True, 200), ("development", False, 404), ("testing", True, 404)],
)
def test_the_page_exists_in_development_on_loopback_only(tmp_path, database_url, env, dev_page, status):
    given = {"env": env, "data_dir": str(tmp_path), "database_url": database_url}
    app = create_app(databases.settings_from(given), dev_page=dev_page)
    with databases.closed_after(app):
        client = app.test_client()
        assert client.get("/dev").status_code == status
        assert client.get("/dev/mails").status_code == status
        assert client.post("/dev").status_code == (405 if status == 200 else 404)
        assert client.get("/dev", headers={"Host": "voisins.example"}).status_code == 404
        assert client.get("/dev", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404


def test_production_never_has_it(tmp_path, database_url):
    given = {
        "env": "production",
        "data_dir": str(tmp_path),
        "database_url": database_url,
        "secret_key": "k" * 40,
        "public_url": "https://voisins.example",
        "operator": "La ville",
        "contact": "aide@voisins.example",
        "mail_from": "aide@voisins.example",
    }
    with databases.closed_after(create_app(databases.settings_from(given), dev_page=True)) as app:
        assert app.test_client().get("/dev", headers={"Host": "localhost"}).status_code == 404


def test_the_page_speaks_french_and_english(tmp_path, database_url):
    given = {"env": "development", "data_dir": str(tmp_path), "database_url": database_url}
    with databases.closed_after(create_app(databases.settings_from(given), dev_page=True)) as app:
        assert "coulisses" in app.test_client().get("/dev").text
        assert "behind the scenes" in app.test_client().get("/dev", headers={"Accept-Language": "en"}).text
