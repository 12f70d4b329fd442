"""Leaving: everything personal goes at once, what others need stays, and nobody else can do it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import inspect, select, text

from neighbourly.accounts import jobs, passwords
from neighbourly.accounts.events import AccountErasing
from neighbourly.accounts.models import Session, User
from neighbourly.core import audit, clock, events
from neighbourly.core.db import db
from neighbourly.core.errors import Conflict
from neighbourly.listings.models import Listing
from neighbourly.reactions import REACTIONS
from tests.accounts.conftest import bearer, log_in, register
from tests.databases import count_of
from tests.people import ANA_CELL, PASSWORD, Client

CANARY = "canary"
LEA = f"{CANARY}-lea@example.org"


class StillNeeded(Conflict):
    """Something is still lent."""

    title = {"fr": "Un prêt est en cours", "en": "A loan is open"}


@pytest.fixture
def lea(new_user):
    """Léa, with a password and a home."""
    return new_user("Léa canary", email=LEA, home=ANA_CELL, password_hash=passwords.hashed(PASSWORD))


@pytest.fixture
def headers_of(client):
    """`headers_of(lea)`: those of a phone where she is signed in."""
    return lambda user: bearer(log_in(client, user.email).json)


def rows_with(canary: str) -> dict[str, int]:
    """In how many rows of each table the word stands, whatever the column."""
    found = {}
    for table in inspect(db.session.connection()).get_table_names():
        count = text(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE :canary')
        if rows := db.session.scalar(count, {"canary": f"%{canary}%"}):
            found[table] = rows
    return found


def live_a_little(client, bob, mailboxes) -> dict[str, str]:
    """Leave a trace of oneself wherever accounts, devices, places and listings take one; the header to call with."""
    signed_in = log_in(client, LEA, installation_id="canary-phone").json
    headers = bearer(signed_in) | {"User-Agent": "canary/1.0", "Idempotency-Key": "canary-key"}
    client.patch("/v1/me", json={"bio": "canary", "language": "en"}, headers=headers)
    client.put(
        "/v1/me/devices/canary-phone", json={"fcm_token": "canary-token", "platform": "android"}, headers=headers
    )
    client.post("/v1/listings", json={"title": "canary", "description": "canary"}, headers=headers)
    client.post("/v1/listings", json={"title": "canary", "direction": "offer", "status": "draft"}, headers=headers)
    client.put(f"/v1/me/blocks/{bob.id}", headers=headers)
    client.post("/v1/invitations", headers=headers)
    register(client, LEA, display_name="canary")
    client.post("/v1/auth/password/forgot", json={"email": LEA})
    mailboxes.of(LEA)
    return bearer(signed_in)


def test_no_trace_is_left_in_any_table(client, lea, bob, mailboxes, run_jobs, data_dir):
    """GDP-02: a dump of the whole database before and after."""
    headers = live_a_little(client, bob, mailboxes)
    assert {"users", "email_codes", "pending_registrations", "devices", "listings"} <= set(rows_with(CANARY))
    assert client.delete("/v1/me", json={"password": PASSWORD}, headers=headers).status_code == 204
    run_jobs()
    assert rows_with(CANARY) == {}
    assert rows_with(str(lea.id)).keys() <= {"users", "audit_entries", "listings"}
    shutil.rmtree(data_dir / "mail")


def test_what_a_request_under_way_wrote_goes_within_the_hour(client, lea, headers_of):
    """GDP-02: it was let in before its person left, and wrote afterwards."""
    hers = headers_of(lea)
    listing = client.post("/v1/listings", json={"title": CANARY}, headers=hers).json["id"]
    client.delete("/v1/me", json={"password": PASSWORD}, headers=hers)
    late = db.session.get_one(Listing, UUID(listing))
    late.title, late.status, late.deleted_at, late.cell = CANARY, "published", None, ANA_CELL
    db.session.add(Session(user_id=lea.id, installation_id=CANARY, expires_at=clock.now() + timedelta(days=1)))
    db.session.commit()
    jobs.forget_old()
    assert rows_with(CANARY) == {}
    assert rows_with(ANA_CELL).keys() <= {"cell_radii"}, "a circle around a cell names nobody"
    assert count_of(audit.AuditEntry) == 1, "it is on record once"


def test_one_that_cannot_be_finished_holds_up_nobody_else(new_user, monkeypatch):
    """GDP-02: whatever stands in the way of one, the others are gone, and it is tried again within the hour."""
    ids = [new_user(f"{CANARY} {name}", email=None, state="erased").id for name in ("one", "two")]

    def refuse(event):
        if event.user_id == ids[0]:
            raise StillNeeded()

    def names() -> list[str]:
        jobs.forget_old()
        return [db.session.get_one(User, each).display_name for each in ids]

    monkeypatch.setattr(events, "_reactions", {**REACTIONS, AccountErasing: [refuse, *REACTIONS[AccountErasing]]})
    assert names() == [f"{CANARY} one", "—"]
    monkeypatch.undo()
    assert names() == ["—", "—"]


def test_what_is_left_is_an_empty_row(client, lea, bob, mailboxes):
    """GDP-02: the id, which ledgers and others' threads refer to."""
    headers = live_a_little(client, bob, mailboxes)
    client.delete("/v1/me", json={"password": PASSWORD}, headers=headers)
    left = db.session.get_one(User, lea.id)
    assert (left.state, left.display_name, left.role) == ("erased", "—", "neighbour")
    assert not any((left.email, left.password_hash, left.firebase_uid, left.bio, left.last_seen_on, left.terms_version))


def test_it_is_on_record_without_a_name(client, lea):
    """GDP-02: the log holds ids."""
    client.delete("/v1/me", json={"password": PASSWORD}, headers=bearer(log_in(client, LEA).json))
    entry = db.session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.number.desc())).first()
    assert (entry.act, entry.subject_id, entry.data) == ("account_erased", lea.id, {})
    assert audit.first_broken() is None


@pytest.mark.parametrize(
    ("proof", "status", "code"),
    [
        ({"password": "not the password"}, 403, "proof_needed"),
        ({}, 422, "invalid_input"),
        ({"password": None}, 422, "invalid_input"),
        ({"password": PASSWORD, "sure": True}, 422, "invalid_input"),
        ({"id_token": "x"}, 409, "firebase_not_offered"),
    ],
)
def test_nobody_else_erases_it(client, lea, proof, status, code):
    """A phone that was left lying about is not enough."""
    headers = bearer(log_in(client, LEA).json)
    refused = client.delete("/v1/me", json=proof, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (status, code)
    assert client.get("/v1/me", headers=headers).json["display_name"] == "Léa canary"


def test_a_feature_may_refuse_and_then_nothing_has_happened(client, lea, monkeypatch):
    """A reaction that raises undoes the request, and is its answer."""

    def refuse(_event):
        raise StillNeeded(exchange_id="17")

    late = {**REACTIONS, AccountErasing: [*REACTIONS[AccountErasing], refuse]}
    monkeypatch.setattr(events, "_reactions", late)
    headers = bearer(log_in(client, LEA).json)
    refused = client.delete("/v1/me", json={"password": PASSWORD}, headers=headers)
    assert (refused.status_code, refused.json["code"], refused.json["exchange_id"]) == (409, "still_needed", "17")
    assert client.get("/v1/me/home", headers=headers).status_code == 200
    assert client.get("/v1/me", headers=headers).json["email"] == LEA


def test_the_address_is_free_again(client, lea, join):
    client.delete("/v1/me", json={"password": PASSWORD}, headers=bearer(log_in(client, LEA).json))
    assert join(LEA)["user"]["id"] != str(lea.id)


def test_others_are_left_alone(app, client, lea, bob):
    his = Client(app, log_in(client, LEA).json["access_token"])
    his.put(f"/v1/me/blocks/{bob.id}")
    his.delete("/v1/me", json={"password": PASSWORD})
    assert db.session.get_one(User, bob.id).state == "active"
