"""REL-01 before anyone is signed in: a key counts where the answer holds no secret, and belongs to address and body."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from neighbourly.accounts.models import EmailCode
from neighbourly.core.api.blueprint import CONTRACTS
from neighbourly.core.api.idempotency import StoredAnswer
from neighbourly.core.api.openapi import document
from neighbourly.core.db import db
from tests.databases import count_of
from tests.people import PASSWORD

LEA = {"email": "lea@example.org", "password": PASSWORD, "display_name": "Léa M.", "adult": True}
ADDRESS = {"email": "lea@example.org"}
KEY = {"Idempotency-Key": "1"}
REGISTER, FORGOT, RESEND = "/v1/auth/register", "/v1/auth/password/forgot", "/v1/auth/email/resend"


def post(client: Any, path: str, body: dict[str, Any], at: str = "203.0.113.7") -> Any:
    return client.post(path, json=body, headers=KEY, environ_base={"REMOTE_ADDR": at})


@pytest.mark.parametrize(("path", "body"), [(FORGOT, ADDRESS), (RESEND, ADDRESS)])
def test_the_same_call_with_its_key_is_made_once(client, path, body):
    """REL-01: one mail, though the phone asked twice."""
    client.post(REGISTER, json=LEA)
    sent = count_of(EmailCode)
    first, again = post(client, path, body), post(client, path, body)
    assert (first.status_code, again.status_code, first.data) == (202, 202, again.data)
    assert (again.headers["Idempotency-Replayed"], "Idempotency-Replayed" in first.headers) == ("true", False)
    assert again.headers["Cache-Control"] == "no-store"
    assert count_of(EmailCode) == sent + 1


@pytest.mark.parametrize(
    ("other", "at"),
    [({"email": "bob@example.org"}, "203.0.113.7"), ({}, "203.0.113.8")],
)
def test_a_stranger_with_the_same_key_neither_meets_the_answer_nor_is_kept_out(client, other, at):
    """REL-01: behind one address there may be a whole town, with apps that count their keys from 1."""
    post(client, FORGOT, ADDRESS)
    theirs = post(client, FORGOT, ADDRESS | other, at=at)
    assert (theirs.status_code, "Idempotency-Replayed" in theirs.headers) == (202, False)
    assert count_of(StoredAnswer) == 2


def test_what_is_stored_tells_neither_address_nor_body(client):
    """SEC-07: not even a digest that an address could be tried on without the installation's secret."""
    post(client, FORGOT, ADDRESS)
    stored = db.session.scalars(select(StoredAnswer)).one()
    assert stored.body == b"{}"
    kept = " ".join([str(stored.caller_id), stored.key, stored.route, str(stored.headers)])
    assert not any(canary in kept for canary in ("203.0.113.7", "lea@example.org"))


def test_the_secret_seals_what_is_stored(client, monkeypatch, app):
    """SEC-07: under another secret the same call is another."""
    post(client, FORGOT, ADDRESS)
    monkeypatch.setattr("neighbourly.core.api.idempotency.settings", lambda: type("", (), {"secret_key": "other"}))
    assert "Idempotency-Replayed" not in post(client, FORGOT, ADDRESS).headers


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/auth/register", LEA),
        ("/v1/auth/login", {"email": "lea@example.org", "password": PASSWORD}),
        ("/v1/cells", {"lat": 43.6, "lon": 1.44}),
    ],
)
def test_where_the_answer_holds_a_secret_or_a_place_nothing_is_stored(client, new_user, path, body):
    """REL-01, LOC-01: tokens, who registered, and where somebody looks."""
    assert "Idempotency-Replayed" not in (post(client, path, body), post(client, path, body))[1].headers
    assert count_of(StoredAnswer) == 0


def test_ten_calls_with_one_key_at_once_are_one(real_app):
    """REL-01: who comes while the first is under way is told so."""
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: post(real_app.test_client(), FORGOT, ADDRESS), range(10)))
    assert {each.status_code for each in answers} <= {202, 409}
    assert {each.json["code"] for each in answers if each.status_code == 409} <= {"still_running"}
    with real_app.app_context():
        assert count_of(EmailCode) == 1


def test_the_document_says_where_a_key_counts(app):
    """REL-01: on each operation that takes one, and on no other."""
    said = document(app)
    reference = {"$ref": "#/components/parameters/IdempotencyKey"}
    named = {
        operation["operationId"]
        for path in said["paths"].values()
        for method, operation in path.items()
        if method != "parameters" and reference in operation.get("parameters", ())
    }
    takes = {endpoint.rpartition(".")[2] for (_, endpoint), each in CONTRACTS.items() if each.takes_key}
    documented = {endpoint.rpartition(".")[2] for (_, endpoint), each in CONTRACTS.items() if each.documented}
    assert named == takes & documented
    assert {"forgot_password", "resend_code", "create_listing"} < named
    assert not {"register", "log_in", "refresh", "verify_email", "reset_password", "geocode", "snap_point"} & named


def test_public_calls_that_take_no_key_hold_secrets_or_places(app):
    """REL-01: each is decided by hand."""
    public = {
        endpoint.rpartition(".")[2]
        for (method, endpoint), each in CONTRACTS.items()
        if method == "POST" and each.auth.value == "public" and each.documented and not each.takes_key
    }
    assert public == {
        "geocode",
        "log_in",
        "log_in_with_firebase",
        "log_out",
        "refresh",
        "register",
        "reset_password",
        "snap_point",
        "verify_email",
    }
