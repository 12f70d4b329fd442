"""What the logs say of signing in, and what they never say."""

from __future__ import annotations

import logging

import pytest

from neighbourly.accounts import passwords
from tests.accounts.conftest import bearer, log_in, register
from tests.people import PASSWORD

LEA = "canary-lea@example.org"
NEW = "canary: a new password"


@pytest.fixture
def lea(new_user):
    """Léa, with a password."""
    return new_user("Léa M.", email=LEA, password_hash=passwords.hashed(PASSWORD))


def denials(security_log) -> list[tuple[str, str | None, str | None]]:
    """Code, caller and subject of each refused authorisation."""
    return [(each["code"], each["caller"], each["about"]) for each in security_log() if each["event"] == "denied"]


def test_a_wrong_password_is_one_event_that_names_the_account(client, lea, security_log):
    """SEC-24: who, what, when."""
    log_in(client, LEA, "not the password")
    assert denials(security_log) == [("sign_in_refused", None, str(lea.id))]
    (event,) = security_log()
    assert (event["method"], event["route"], event["status"]) == ("POST", "/v1/auth/login", 401)
    assert event["timestamp"]


def test_a_wrong_address_is_one_event_that_names_nobody(client, security_log):
    """SEC-24, SEC-22: what was typed is not repeated."""
    log_in(client, LEA)
    assert denials(security_log) == [("sign_in_refused", None, None)]


def test_a_wrong_code_is_one_event(client, security_log):
    """SEC-24."""
    client.post("/v1/auth/email/verify", json={"email": LEA, "code": "000000"})
    assert denials(security_log) == [("code_refused", None, None)]


def test_a_token_used_twice_is_one_event_and_the_end_of_the_session_another(client, as_, lea, security_log):
    """SEC-24."""
    token = log_in(client, LEA, installation_id="phone").json["refresh_token"]
    for phone in ("phone", "another"):
        client.post("/v1/auth/refresh", json={"refresh_token": token, "installation_id": phone})
    assert denials(security_log) == [("refresh_reused", None, str(lea.id))]
    assert [each["event"] for each in security_log()] == ["signed in", "signed out", "denied"]


def test_no_token_is_one_event(client, security_log):
    """SEC-24: and names the route, not the path."""
    client.get("/v1/me")
    client.delete("/v1/me/sessions/0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6")
    assert denials(security_log) == [("unauthorized", None, None)] * 2
    assert security_log()[1]["route"] == "/v1/me/sessions/<uuid:session_id>"


def test_a_refused_change_names_the_caller(as_, lea, security_log):
    """SEC-24."""
    hers = as_(lea)
    hers.patch("/v1/me", json={"password": NEW, "current_password": "not this"})
    hers.delete("/v1/me", json={"password": "not this"})
    assert denials(security_log) == [("password_needed", str(lea.id), None), ("proof_needed", str(lea.id), None)]


def test_what_goes_well_is_logged_too(client, lea, mailboxes, security_log):
    """SEC-24: authentication events."""
    signed_in = log_in(client, LEA).json
    client.patch("/v1/me", json={"password": NEW, "current_password": PASSWORD}, headers=bearer(signed_in))
    client.post("/v1/auth/logout", json={}, headers=bearer(signed_in))
    client.post("/v1/auth/password/forgot", json={"email": LEA})
    body = {"email": LEA, "code": mailboxes.code(LEA), "password": PASSWORD}
    fresh = client.post("/v1/auth/password/reset", json=body).json
    client.delete("/v1/me", json={"password": PASSWORD}, headers=bearer(fresh))
    told = [each["event"] for each in security_log()]
    assert told == [
        *("signed in", "password changed", "signed out"),
        *("password reset", "signed in", "signed out", "account erased"),
    ]
    assert {each["user"] for each in security_log()} == {str(lea.id)}


def test_no_log_holds_a_secret_or_an_address(client, mailboxes, caplog, capfd):
    """SEC-22: whatever is typed, and whatever we answer, at the chattiest level."""
    caplog.set_level(logging.DEBUG)
    secrets = {LEA, PASSWORD, NEW, "Canary Name"}
    asked = register(client, LEA, display_name="Canary Name").json
    secrets.add(asked["registration"])
    code = mailboxes.code(LEA)
    signed_in = client.post("/v1/auth/email/verify", json={"email": LEA, "code": code, **asked}).json
    for answer in (
        signed_in,
        client.post("/v1/auth/refresh", json={"refresh_token": signed_in["refresh_token"]}).json,
        log_in(client, LEA).json,
    ):
        secrets |= {answer["access_token"], answer["refresh_token"]}
    log_in(client, LEA, NEW)
    client.post("/v1/auth/password/forgot", json={"email": LEA})
    reset = mailboxes.code(LEA)
    client.post("/v1/auth/password/reset", json={"email": LEA, "code": "x" * 6, "password": NEW})
    client.post("/v1/auth/password/reset", json={"email": LEA, "code": reset, "password": NEW})
    client.post(f"/v1/auth/login?email={LEA}", data=f"{{{LEA}", content_type="application/json")
    client.get(f"/v1/{LEA}", headers={"Authorization": f"Bearer {NEW}"})
    logged = "".join(str(vars(record)) for record in caplog.records) + capfd.readouterr().err
    assert "signed in" in logged
    for secret in secrets | {code, reset}:
        assert secret not in logged
