"""Mailboxes, the security log, and what a phone sends."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from neighbourly.accounts import firebase, passwords
from neighbourly.accounts.errors import FirebaseRefused
from neighbourly.core.mail import ReadMail, read_folder
from tests.people import PASSWORD


class Mailboxes:
    """What has come by mail; every look runs the jobs that wait, since they send it."""

    def __init__(self, folder: Path, run_jobs: Callable[[], list[str]]) -> None:
        self._folder = folder
        self._run_jobs = run_jobs

    def of(self, address: str) -> list[ReadMail]:
        """All mails to this address, oldest first."""
        self._run_jobs()
        return [mail for mail in reversed(read_folder(self._folder, 100)) if mail.to == address]

    def code(self, address: str, which: int = -1) -> str:
        """The six digits in the newest mail to this address, or in another one."""
        found = re.search(r"^ {4}(\d{6})\r?$", self.of(address)[which].text, re.MULTILINE)
        assert found, "no code in this mail"
        return found[1]


@pytest.fixture
def mailboxes(app: Flask, data_dir: Path, run_jobs: Callable[[], list[str]]) -> Mailboxes:
    """Empty mailboxes."""
    shutil.rmtree(data_dir / "mail", ignore_errors=True)
    return Mailboxes(data_dir / "mail", run_jobs)


@pytest.fixture
def join(client: FlaskClient, mailboxes: Mailboxes) -> Callable[..., dict[str, Any]]:
    """`join("lea@example.org")`: registers, types the code, and gives the answer of a phone that is signed in."""

    def joined(email: str, **fields: Any) -> dict[str, Any]:
        asked = register(client, email, **fields)
        assert asked.status_code == 202
        body = {"email": email, "code": mailboxes.code(email), "installation_id": "phone", **asked.json}
        answer = client.post("/v1/auth/email/verify", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json

    return joined


def register(client: FlaskClient, address: str, **fields: Any) -> Any:
    """Ask to join as Léa, or as the fields say."""
    body = {"email": address, "password": PASSWORD, "display_name": "Léa M.", "adult": True} | fields
    return client.post("/v1/auth/register", json=body)


def log_in(client: FlaskClient, email: str, password: str = PASSWORD, **fields: Any) -> Any:
    """Sign in by password."""
    return client.post("/v1/auth/login", json={"email": email, "password": password} | fields)


def bearer(signed_in: dict[str, Any]) -> dict[str, str]:
    """The header that a phone sends after such an answer."""
    return {"Authorization": f"Bearer {signed_in['access_token']}"}


@pytest.fixture
def security_log(app: Flask, caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, Any]]]:
    """What the security log holds since the test began: one dict an event."""
    caplog.set_level(logging.INFO, logger="security")
    return lambda: [
        vars(record) | {"event": record.getMessage()} for record in caplog.records if record.name == "security"
    ]


@pytest.fixture
def vouched(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`vouched("token", uid="g-1", email="lea@example.org")`: this is whom Firebase vouches for by that token."""
    people: dict[str, tuple[firebase.FirebasePerson, bool]] = {}

    def verify(id_token: str, *, fresh: bool = False) -> firebase.FirebasePerson:
        person, recent = people.get(id_token, (None, False))
        if person is None or (fresh and not recent):
            raise FirebaseRefused()
        return person

    def vouch(token: str, *, uid: str, email: str, name: str | None = None, recent: bool = True) -> None:
        visible = firebase._one_line(name)
        people[token] = (
            firebase.FirebasePerson(uid=uid, email=email, email_verified=True, name=visible, recent=recent),
            recent,
        )

    monkeypatch.setattr(firebase, "verify", verify)
    return vouch


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For those who try hundreds of passwords: the same hashes, with the least work."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()
