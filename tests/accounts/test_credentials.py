"""SEC-11: what opens an account is made by who shows it is theirs, is shown, ends with the password, and is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from neighbourly.accounts.models import AccountNotice, Session, User
from neighbourly.accounts.notice_mails import HAPPENED, notice_letter
from neighbourly.accounts.ways_in import WaysIn
from neighbourly.core import clock
from neighbourly.core.db import db
from tests.accounts.conftest import bearer, log_in, register
from tests.accounts.test_mails import TIGHT, without_figures
from tests.databases import count_of
from tests.people import PASSWORD

LEA = "lea@example.org"
NEW = "a whole new secret"
THIEFS = "the thief chooses this"


@pytest.fixture
def without_password(client, mailboxes) -> dict[str, str]:
    """Léa joined at an app that brought no token: she has no password; the header of her phone."""
    register(client, LEA)
    body = {"email": LEA, "code": mailboxes.code(LEA)}
    return bearer(client.post("/v1/auth/email/verify", json=body).json)


@pytest.fixture
def by_firebase(client, vouched) -> dict[str, str]:
    """Léa joined by Firebase; the header of her phone."""
    vouched("hers", uid="g-1", email=LEA)
    return bearer(client.post("/v1/auth/firebase", json={"id_token": "hers", "adult": True}).json)


@pytest.fixture
def later():
    """`with later(minutes=11): …`"""
    return lambda **passed: time_machine.travel(clock.now() + timedelta(**passed))


def kinds() -> list[str]:
    return list(db.session.scalars(select(AccountNotice.kind).order_by(AccountNotice.created_at, AccountNotice.id)))


# --- a first password ---


def test_a_stolen_token_sets_no_first_password_and_erases_nothing(client, without_password, later):
    """SEC-11: some minutes after she joined, an access token is not enough."""
    with later(minutes=11):
        for thief in (
            client.patch("/v1/me", json={"password": THIEFS}, headers=without_password),
            client.patch("/v1/me", json={"password": THIEFS, "code": "000000"}, headers=without_password),
            client.patch("/v1/me", json={"password": THIEFS, "current_password": THIEFS}, headers=without_password),
            client.post("/v1/me/proof", json={"password": THIEFS}, headers=without_password),
            client.delete("/v1/me", json={"password": THIEFS}, headers=without_password),
            client.delete("/v1/me", json={"code": "000000"}, headers=without_password),
            client.post("/v1/me/calendar", headers=without_password),
        ):
            assert (thief.status_code, thief.json["code"]) == (403, "proof_needed")
        assert log_in(client, LEA, THIEFS).status_code == 401
    assert kinds() == []


def test_nor_does_one_of_an_account_that_came_by_firebase(client, by_firebase, vouched):
    """SEC-11: not at once either: a phone renews Firebase's sign-in in silence, for months."""
    vouched("old", uid="g-1", email=LEA, recent=False)
    vouched("thiefs", uid="g-2", email="thief@example.org")
    for brought in ({}, {"id_token": "old"}, {"id_token": "thiefs"}, {"id_token": "none"}):
        refused = client.patch("/v1/me", json={"password": THIEFS} | brought, headers=by_firebase)
        assert (refused.status_code, refused.json["code"]) == (403, "proof_needed")
    assert client.patch("/v1/me", json={"password": NEW, "id_token": "hers"}, headers=by_firebase).status_code == 200
    assert log_in(client, LEA, NEW).status_code == 200


def test_right_after_the_code_she_chooses_her_password_and_no_more_is_asked(client, without_password, mailboxes):
    """SEC-11: the code of a moment ago is the proof; a mail follows."""
    assert client.patch("/v1/me", json={"password": NEW}, headers=without_password).status_code == 200
    mail = mailboxes.of(LEA)[-1]
    assert mail.subject == "Votre compte a maintenant un mot de passe"
    assert log_in(client, LEA, NEW).status_code == 200


@pytest.mark.parametrize("way", ["inline", "proof", "erasing"])
def test_later_a_code_by_mail_is_the_proof(client, without_password, mailboxes, later, way):
    """SEC-11: for who has neither a password nor Firebase."""
    with later(hours=0.5):
        assert client.post("/v1/me/codes", headers=without_password).status_code == 202
        code = {"code": mailboxes.code(LEA)}
        assert mailboxes.of(LEA)[-1].subject == "Votre code pour confirmer que c'est vous"
        if way == "erasing":
            assert client.delete("/v1/me", json=code, headers=without_password).status_code == 204
            return
        if way == "proof":
            assert client.post("/v1/me/proof", json=code, headers=without_password).status_code == 204
            assert client.post("/v1/me/calendar", headers=without_password).status_code == 201
            code = {}
        assert client.patch("/v1/me", json={"password": NEW} | code, headers=without_password).status_code == 200


def test_a_code_is_no_proof_where_there_is_a_password(client, join, mailboxes, later):
    """SEC-08: who forgot it resets it, which ends all else."""
    headers = bearer(join(LEA))
    client.post("/v1/me/codes", headers=headers)
    code = mailboxes.code(LEA)
    assert client.delete("/v1/me", json={"code": code}, headers=headers).status_code == 403
    refused = client.patch("/v1/me", json={"password": NEW, "code": code}, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (403, "password_needed")


def test_five_wrong_codes_and_the_right_one_is_refused_too(client, without_password, mailboxes):
    """SEC-13: tries are counted though each is refused."""
    client.post("/v1/me/codes", headers=without_password)
    code = mailboxes.code(LEA)
    wrong = "000000" if code != "000000" else "000001"
    for tried in [wrong] * 5 + [code]:
        assert client.delete("/v1/me", json={"code": tried}, headers=without_password).status_code == 403


# --- a calendar's address ---


def test_a_calendar_asks_for_a_proof_once_it_is_some_minutes_ago(client, join, later, mailboxes):
    """SEC-11: whoever has the address reads along; with the password it is there."""
    headers = bearer(join(LEA))
    with later(minutes=11):
        refused = client.post("/v1/me/calendar", headers=headers)
        assert (refused.status_code, refused.json["code"]) == (403, "proof_needed")
        assert client.post("/v1/me/proof", json={"password": PASSWORD}, headers=headers).status_code == 204
        assert client.post("/v1/me/calendar", headers=headers).status_code == 201
        assert mailboxes.of(LEA)[-1].subject == "Votre agenda privé a une adresse"
        client.delete("/v1/me/calendar", headers=headers)
        client.delete("/v1/me/calendar", headers=headers)
    assert kinds() == ["calendar_made", "calendar_ended"]


@pytest.mark.parametrize("how", ["change", "reset", "first"])
def test_another_password_ends_every_other_way_in(client, join, mailboxes, vouched, how):
    """SEC-11: sessions, codes and the calendar's address; what is left is listed."""
    phone = join(LEA)
    laptop = bearer(log_in(client, LEA, installation_id="laptop").json)
    path = "/c/" + client.post("/v1/me/calendar", headers=laptop).json["url"].rpartition("/")[2]
    assert client.get(path).status_code == 200
    if how == "change":
        body = {"password": NEW, "current_password": PASSWORD}
        assert client.patch("/v1/me", json=body, headers=bearer(phone)).status_code == 200
        headers = bearer(phone)
    elif how == "reset":
        client.post("/v1/auth/password/forgot", json={"email": LEA})
        body = {"email": LEA, "code": mailboxes.code(LEA), "password": NEW}
        headers = bearer(client.post("/v1/auth/password/reset", json=body).json)
    else:
        db.session.scalars(select(User).where(User.email == LEA)).one().password_hash = None
        assert client.patch("/v1/me", json={"password": NEW}, headers=bearer(phone)).status_code == 200
        headers = bearer(phone)
    assert client.get(path).status_code == 404
    assert client.get("/v1/me", headers=laptop).status_code == 401
    left = {"password": True, "firebase": False, "calendar": False, "sessions": 1}
    assert client.get("/v1/me", headers=headers).json["ways_in"] == left
    assert kinds()[-1] == {"change": "password_changed", "reset": "password_reset", "first": "password_set"}[how]
    assert "connexions ouvertes\u00a0: 1" in mailboxes.of(LEA)[-1].text


# --- Firebase ---


def test_firebase_is_linked_by_a_sign_in_of_now_and_told(client, join, vouched, mailboxes):
    """SEC-11: an old token of hers, found somewhere, links nothing; a fresh one does, as before, and a mail says so."""
    join(LEA)
    vouched("old", uid="g-1", email=LEA, recent=False)
    assert client.post("/v1/auth/firebase", json={"id_token": "old"}).status_code == 401
    vouched("now", uid="g-1", email=LEA)
    came = client.post("/v1/auth/firebase", json={"id_token": "now"})
    assert came.status_code == 200
    assert client.get("/v1/me", headers=bearer(came.json)).json["ways_in"]["firebase"] is True
    assert kinds() == ["firebase_linked"]
    assert "Firebase" in mailboxes.of(LEA)[-1].text
    assert client.post("/v1/auth/firebase", json={"id_token": "old"}).status_code == 200, "linked, it signs in"


def test_what_was_taken_away_comes_back_only_from_inside(client, join, vouched, later):
    """SEC-11: each way in can be ended, and stays so."""
    join(LEA)
    vouched("now", uid="g-1", email=LEA)
    headers = bearer(client.post("/v1/auth/firebase", json={"id_token": "now"}).json)
    assert client.delete("/v1/me/firebase", headers=headers).status_code == 204
    assert client.post("/v1/auth/firebase", json={"id_token": "now", "adult": True}).status_code == 401
    refused = client.put("/v1/me/firebase", json={"id_token": "now"}, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (403, "proof_needed")
    client.post("/v1/me/proof", json={"password": PASSWORD}, headers=headers)
    vouched("other", uid="g-2", email="other@example.org")
    assert client.put("/v1/me/firebase", json={"id_token": "other"}, headers=headers).status_code == 401
    linked = client.put("/v1/me/firebase", json={"id_token": "now"}, headers=headers)
    assert (linked.status_code, linked.json["ways_in"]["firebase"]) == (200, True)
    assert client.post("/v1/auth/firebase", json={"id_token": "now"}).status_code == 200
    assert kinds() == ["firebase_linked", "firebase_removed", "firebase_linked"]


def test_the_last_way_in_is_not_taken_away(client, by_firebase):
    """SEC-11: without a password nobody would come back."""
    refused = client.delete("/v1/me/firebase", headers=by_firebase)
    assert (refused.status_code, refused.json["code"]) == (409, "last_way_in")


# --- mails ---


def test_a_sign_in_from_a_new_installation_is_told_once(client, join, mailboxes):
    """SEC-11: not the one at joining, not one that is known, and not by what a stranger wrote as a label."""
    join(LEA)
    assert kinds() == []
    log_in(client, LEA, installation_id="phone")
    assert kinds() == [], "the phone that joined"
    agent = {"User-Agent": "Urgent: visit evil.com/x <b>"}
    for _ in range(2):
        body = {"email": LEA, "password": PASSWORD, "installation_id": "laptop"}
        client.post("/v1/auth/login", json=body, headers=agent)
    assert kinds() == ["signed_in"]
    mail = mailboxes.of(LEA)[-1]
    assert mail.subject == "Connexion depuis un nouvel appareil"
    assert not any(each in mail.text for each in ("evil.com", "/x", "<b>", "http"))


def test_without_an_installations_id_the_network_says_what_is_new(client, join):
    """SEC-11: old apps and browsers."""
    join(LEA)
    log_in(client, LEA)
    assert kinds() == []
    body = {"email": LEA, "password": PASSWORD}
    for _ in range(2):
        client.post("/v1/auth/login", json=body, environ_base={"REMOTE_ADDR": "198.51.100.9"})
    assert kinds() == ["signed_in"]


def test_no_more_than_a_few_mails_of_one_kind_a_day(client, join):
    """SEC-11: nobody fills a mailbox by signing in."""
    join(LEA)
    for number in range(9):
        log_in(client, LEA, installation_id=f"phone-{number}")
    assert kinds() == ["signed_in"] * 5
    assert count_of(Session) == 10


@pytest.mark.parametrize("kind", HAPPENED)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_mails_are_plain_and_have_nothing_to_tap(kind, language):
    """SEC-11: in both languages; all the ways in, when it was, and what to do if it was somebody else."""
    ways = WaysIn(password=True, firebase=True, calendar=True, sessions=3)
    letter = notice_letter(language, kind, at=clock.now(), label="neighbourly/1.0 (Android 15)", ways=ways)
    text = letter.text(language, "Les voisins", "bonjour@example.org")
    assert "Firebase" in text
    assert "3" in text
    assert "{" not in text
    assert "http" not in letter.html(language, "Les voisins", "bonjour@example.org")
    if language == "fr":
        assert TIGHT.findall(without_figures(text)) == []


def test_notices_go_with_their_account(client, join):
    """GDP-02, GDP-08."""
    headers = bearer(join(LEA))
    client.post("/v1/me/calendar", headers=headers)
    client.delete("/v1/me", json={"password": PASSWORD}, headers=headers)
    assert count_of(AccountNotice) == 0
