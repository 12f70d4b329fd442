"""Google silent, away, resetting or in drops: two web threads wait at most, and no lock with them (REL-12)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import firebase_admin
import firebase_admin.auth  # here, since it takes longer than anyone waits in these tests
import jwt
import pytest
from sqlalchemy import text

from neighbourly.accounts import firebase
from neighbourly.core.db import db
from neighbourly.core.outside import OutsideCalls
from tests import people
from tests.fakes.server import DARK, RESET, HttpFake, Reply, Request, Script
from tests.waiting import wait_until

PROJECT = "demo-neighbourly"
HELD = text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'transactionid' AND datname = current_database() AND pid <> pg_backend_pid()"
)
pytestmark = pytest.mark.xdist_group("firebase")


class FakeGoogle(HttpFake):
    """Answers as scripted, whatever is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Request] = []
        self.replies = Script()

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        return self.replies.next()


@pytest.fixture
def google(committing_app, monkeypatch):
    """Whom the app takes for Firebase's emulator; waited for for a second at most."""
    monkeypatch.setattr(firebase, "_google", OutsideCalls("firebase", at_once=firebase.AT_ONCE, seconds=1))
    settings = replace(committing_app.extensions["neighbourly.settings"], firebase_project=PROJECT)
    committing_app.extensions["neighbourly.settings"] = settings
    with FakeGoogle() as fake:
        monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", fake.url.partition("://")[2])
        yield fake
    with suppress(ValueError):
        firebase_admin.delete_app(firebase_admin.get_app(firebase.APP_NAME))


@pytest.fixture
def token():
    """As the emulator signs: not at all."""
    now = int(time.time())
    claims = {"iss": f"https://securetoken.google.com/{PROJECT}", "aud": PROJECT, "sub": "lea", "iat": now - 5}
    return jwt.encode(claims | {"exp": now + 3600, "auth_time": now - 5}, None, algorithm="none")


def sign_in(app, token: str) -> tuple[int, str | None]:
    with app.app_context():
        answer = app.test_client().post("/v1/auth/firebase", json={"id_token": token})
        return answer.status_code, answer.headers.get("Retry-After")


def leave(app, client, token: str) -> tuple[int, str | None]:
    with app.app_context():
        answer = client.delete("/v1/me", json={"id_token": token})
        return answer.status_code, answer.headers.get("Retry-After")


@pytest.mark.parametrize("how", [DARK, Reply(how="drops")])
def test_while_two_wait_the_next_is_refused_at_once(committing_app, google, token, how):
    """REL-12, REL-04: other routes answer meanwhile, and nobody's account is held."""
    google.replies.set(how)
    leaving = people.sign_in(committing_app, people.make("Ana A.", firebase_uid="lea"))
    db.session.rollback()
    with ThreadPoolExecutor(2) as threads:
        waiting = [
            threads.submit(sign_in, committing_app, token),
            threads.submit(leave, committing_app, leaving, token),
        ]
        wait_until(lambda: len(google.requests) == 2)
        assert sign_in(committing_app, token) == (503, str(firebase.RETRY_SECONDS))
        assert db.session.scalar(HELD) == 0, "no transaction that wrote or locked is open"
        assert committing_app.test_client().get("/v1/config").status_code == 200
        assert not any(each.done() for each in waiting), "all that while both still waited"
    assert [each.result()[0] for each in waiting] == [503, 503]


@pytest.mark.parametrize("how", [RESET, Reply(500, b"no"), Reply(200, b"<html>")])
def test_what_fails_is_503_and_holds_no_place(committing_app, google, token, how):
    """REL-12."""
    google.replies.set(how)
    assert {sign_in(committing_app, token)[0] for _ in range(3)} <= {503, 401}
