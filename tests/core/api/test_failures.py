"""SEC-21: when something we depend on fails, the answer tells nothing of the inside and nothing is half done."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import procrastinate
import pytest
from argon2 import PasswordHasher
from argon2.exceptions import HashingError
from sqlalchemy import delete, text

from neighbourly.accounts import passwords
from neighbourly.accounts.models import EmailCode, PendingRegistration
from neighbourly.core import events
from neighbourly.core.api.idempotency import StoredAnswer
from neighbourly.core.db import db
from neighbourly.listings.events import ListingPublished
from neighbourly.listings.models import Listing
from neighbourly.reactions import REACTIONS
from tests import databases
from tests.core.api.conftest import SCRATCH, count_scratch
from tests.databases import count_of

CANARY = "canary-of-the-inside"
INSIDE = re.compile(rf"{CANARY}|Traceback|Error\(|psycopg|sqlalchemy|SELECT|INSERT|\.py|/work|/tmp", re.IGNORECASE)
JOIN = {"email": "lea@example.org", "password": "quatre chats", "display_name": "Léa", "adult": True}


def is_discreet(answer, status: int) -> bool:
    """The refusal that it should be, with nothing of the inside in body or headers."""
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    return not INSIDE.search(answer.text + str(answer.headers))


def test_a_fault_of_ours_tells_nothing(client, caplog):
    """SEC-21: the place goes to the log, the text of the error nowhere."""
    assert is_discreet(client.get("/probe/raise"), 500)
    assert "unforeseen" in caplog.text
    assert CANARY not in str([vars(record) for record in caplog.records])


def test_a_row_that_is_not_there_is_a_fault_of_ours_and_tells_nothing(client):
    assert is_discreet(client.get("/probe/scratch/0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6"), 500)


def test_a_failing_reaction_undoes_everything(as_, ana, monkeypatch):
    """SEC-21: the listing, the jobs, the stored answer."""

    def fail(_event):
        raise RuntimeError(CANARY)

    monkeypatch.setattr(events, "_reactions", {**REACTIONS, ListingPublished: [*REACTIONS[ListingPublished], fail]})
    headers = {"Idempotency-Key": "k"}
    answer = as_(ana).post("/v1/listings", json={"title": "Une perceuse"}, headers=headers)
    assert is_discreet(answer, 500)
    assert (count_of(Listing), count_of(StoredAnswer)) == (0, 0)
    assert db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0
    monkeypatch.setattr(events, "_reactions", REACTIONS)
    assert as_(ana).post("/v1/listings", json={"title": "Une perceuse"}, headers=headers).status_code == 201


def test_a_queue_that_fails_undoes_everything(client, monkeypatch):
    """SEC-21: no code without its job."""

    def fail(*_args, **_kwargs):
        raise procrastinate.exceptions.ConnectorException(CANARY)

    monkeypatch.setattr(procrastinate.manager.JobManager, "defer_job", fail)
    monkeypatch.setattr(procrastinate.manager.JobManager, "batch_defer_jobs", fail)
    assert is_discreet(client.post("/v1/auth/register", json=JOIN), 500)
    assert (count_of(EmailCode), count_of(PendingRegistration)) == (0, 0)


def test_passwords_that_cannot_be_hashed_make_no_account(client, monkeypatch):
    """SEC-21: no memory left, say."""

    class Failing(PasswordHasher):
        def hash(self, *_args, **_kwargs):
            raise HashingError(CANARY)

    monkeypatch.setattr(passwords, "HASHER", Failing())
    assert is_discreet(client.post("/v1/auth/register", json=JOIN), 500)
    assert count_of(PendingRegistration) == 0


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/readyz"), ("GET", "/v1/me/sessions"), ("POST", "/v1/auth/login")]
)
def test_a_database_that_is_away_is_503(open_to_probes, as_, ana, method, path):
    """SEC-21, REL-04: and says when to try again; what needs no database works."""
    token = as_(ana).token
    with databases.closed_after(open_to_probes(database_url="postgresql://nobody@127.0.0.1:1/none")) as alone:
        client = alone.test_client()
        body = {"email": "lea@example.org", "password": "x"} if method == "POST" else None
        answer = client.open(path, method=method, json=body, headers={"Authorization": f"Bearer {token}"})
        assert is_discreet(answer, 503)
        assert answer.headers["Retry-After"] == "5"
        assert client.get("/healthz").status_code == 200
        assert client.get("/v1/terms").status_code == 200


def test_a_clash_that_shows_only_at_commit_is_a_clean_409(real_app, member):
    """SEC-21: two rows with one number, under a constraint that looks at the end of the transaction."""
    together = threading.Barrier(2)

    def create(_):
        together.wait()
        return member().post("/probe/scratch", json={"number": 1}, headers={"Idempotency-Key": f"{_}"})

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(create, range(2)), key=lambda each: each.status_code)
    assert answers[0].status_code == 201
    assert is_discreet(answers[1], 409)
    assert answers[1].json["code"] == "clash"
    with real_app.app_context():
        assert (count_scratch(), count_of(StoredAnswer)) == (1, 1)
        db.session.execute(delete(SCRATCH))


def test_after_a_failed_commit_the_next_request_is_as_good_as_ever(member):
    """SEC-21: no connection is left in a broken transaction."""
    lea = member()
    assert lea.post("/probe/scratch", json={"number": 7}).status_code == 201
    for _ in range(25):
        assert lea.post("/probe/scratch", json={"number": 7}).status_code == 409
    assert lea.post("/probe/scratch", json={"number": 8}).status_code == 201


def test_a_value_that_the_database_refuses_is_422(as_, ana):
    """SEC-16: too large for its column."""
    assert is_discreet(as_(ana).post("/probe/scratch", json={"number": 2**31}), 422)


def test_a_row_that_stays_locked_is_503(open_to_probes, real_app, member):
    """REL-04: who waits for somebody else's transaction too long is asked to come back."""
    with real_app.app_context(), db.engine.connect() as holder:
        holder.execute(text("LOCK TABLE scratch IN ACCESS EXCLUSIVE MODE"))
        answer = member().post("/probe/hurry", json={"number": 1})
        holder.rollback()
    assert is_discreet(answer, 503)
    assert (answer.json["code"], answer.headers["Retry-After"]) == ("busy", "2")
