"""SEC-14: no one can find out who is a member from sign-in, sign-up or reset."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from neighbourly.accounts import passwords
from neighbourly.core.db import db
from tests.accounts.conftest import log_in, register
from tests.people import PASSWORD

MEMBER, UNKNOWN = "member@example.org", "nobody@example.org"
CODE = {"code": "000000"}
WAYS: dict[str, Callable[[FlaskClient, str], object]] = {
    "sign-up": lambda client, address: register(client, address),
    "sign-in": lambda client, address: log_in(client, address, "not the password"),
    "resend": lambda client, address: client.post("/v1/auth/email/resend", json={"email": address}),
    "forgot": lambda client, address: client.post("/v1/auth/password/forgot", json={"email": address}),
    "verify": lambda client, address: client.post("/v1/auth/email/verify", json=CODE | {"email": address}),
    "reset": lambda client, address: client.post(
        "/v1/auth/password/reset", json=CODE | {"email": address, "password": PASSWORD}
    ),
}


def everything(client: FlaskClient, address: str, way: str) -> list[object]:
    """One way in, tried plainly, then after whatever an attacker may set up for an address beforehand."""
    answers = [WAYS[way](client, address)]
    for prepared in ("sign-up", "forgot"):
        WAYS[prepared](client, address)
        answers += [WAYS[way](client, address), log_in(client, address)]
    return answers


@pytest.fixture
def member(new_user):
    """Somebody with an account."""
    return new_user("Léa M.", email=MEMBER, password_hash=passwords.hashed("a password of her own"))


@pytest.fixture
def hashes(monkeypatch) -> list[str]:
    """How often argon2 works, which is nearly all the time that these answers take."""
    worked: list[str] = []
    place = passwords._place

    def counted():
        worked.append("argon2")
        return place()

    passwords._nobodys()
    monkeypatch.setattr(passwords, "_place", counted)
    return worked


def without_token(body: bytes) -> bytes:
    """Each registration has a token of its own, of one shape."""
    return re.sub(rb'"registration":"[0-9a-f]{32}\.[A-Za-z0-9_-]{43}"', b'"registration":"..."', body)


@pytest.mark.parametrize("way", WAYS)
def test_status_body_and_headers_are_the_same(client, member, way):
    """SEC-14: byte for byte."""
    hers, nobodys = everything(client, MEMBER, way), everything(client, UNKNOWN, way)
    for one, other in zip(hers, nobodys, strict=True):
        assert (one.status_code, without_token(one.data)) == (other.status_code, without_token(other.data))
        assert dict(one.headers) == dict(other.headers)


@pytest.mark.parametrize("way", WAYS)
def test_the_work_is_the_same(client, member, statements, hashes, way):
    """SEC-14: the same SQL statements and the same number of password hashes, also for an address set up before."""

    def work(address: str) -> tuple[list[str], int]:
        hashes.clear()
        with statements() as seen:
            everything(client, address, way)
        return seen, len(hashes)

    hers, nobodys = work(MEMBER), work(UNKNOWN)
    assert hers == nobodys


@pytest.mark.parametrize("state", ["suspended", "active"])
def test_an_account_that_may_not_sign_in_does_not_show(client, new_user, state):
    """SEC-14: suspended with the right password, or never given one."""
    kept = passwords.hashed(PASSWORD) if state == "suspended" else None
    new_user("Léa M.", email=MEMBER, password_hash=kept, state=state)
    assert log_in(client, MEMBER).data == log_in(client, UNKNOWN).data


def test_only_the_mailbox_learns_which_it_was(client, member, mailboxes):
    """SEC-14: the difference is made where nobody can watch."""
    for address in (MEMBER, UNKNOWN):
        register(client, address)
        client.post("/v1/auth/password/forgot", json={"email": address})
    known, reset = mailboxes.of(MEMBER)
    assert (known.subject, reset.subject) == ("Vous avez déjà un compte", "Votre code pour un nouveau mot de passe")
    assert [mail.subject for mail in mailboxes.of(UNKNOWN)] == ["Votre code pour rejoindre vos voisins"]


@pytest.mark.parametrize("way", ["sign-in", "sign-up", "forgot"])
def test_the_time_is_about_the_same(client, member, way):
    """SEC-14: a coarse two-sample test; the exact one counts the work."""

    def milliseconds(address: str) -> float:
        with db.session.begin_nested() as undone:
            begun = time.perf_counter()
            WAYS[way](client, address)
            spent = time.perf_counter() - begun
            undone.rollback()
        return timedelta(seconds=spent) / timedelta(milliseconds=1)

    WAYS[way](client, "warm-up@example.org")
    hers, nobodys = [], []
    for _ in range(15):
        hers.append(milliseconds(MEMBER))
        nobodys.append(milliseconds(UNKNOWN))
    assert abs(statistics.median(hers) - statistics.median(nobodys)) < 0.5 * statistics.median(hers + nobodys)
