"""SEC-15, SEC-13: who guesses, from however many places, gains nothing and takes nothing from the owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from neighbourly.accounts import selectors
from neighbourly.accounts.errors import CodeRefused
from neighbourly.accounts.models import EmailCode, FailedAttempts
from neighbourly.accounts.service import codes
from neighbourly.core import clock
from neighbourly.core.db import db
from tests.accounts.conftest import log_in, register
from tests.databases import count_of
from tests.people import PASSWORD

pytestmark = pytest.mark.usefixtures("quick_hashes")
LEA, NOBODY = "lea@example.org", "nobody@example.org"


def at(number: int) -> dict[str, str]:
    """A network of somebody else's."""
    return {"REMOTE_ADDR": f"203.0.{number // 250}.{number % 250}"}


def sign_in(client, email=LEA, password=PASSWORD, where=0, **fields):
    body = {"email": email, "password": password} | fields
    return client.post("/v1/auth/login", json=body, environ_base=at(where))


def guess(client, email=LEA, times=50, networks=30):
    for number in range(times):
        assert sign_in(client, email, f"wrong {number}", where=1 + number % networks).status_code == 401


@pytest.fixture
def lea(join):
    """Léa, with the phone that she joined by."""
    return join(LEA)


def test_after_fifty_failures_a_new_installation_needs_the_code_too(client, lea, mailboxes):
    """SEC-15: three hundred guesses from thirty networks, then the right one: not without her mailbox."""
    guess(client)
    needed = sign_in(client, where=40, installation_id="attackers")
    assert (needed.status_code, needed.json["code"]) == (401, "code_needed")
    code = mailboxes.code(LEA)
    assert mailboxes.of(LEA)[-1].subject == "Votre code de connexion"
    wrong = "000000" if code != "000000" else "000001"
    assert sign_in(client, where=40, code=wrong).json["code"] == "code_needed"
    assert sign_in(client, password="wrong", where=40, code=code).json["code"] == "code_needed"
    assert sign_in(client, where=41, code=code).status_code == 200, "her new phone"
    assert sign_in(client, where=42, code=code).status_code == 401, "once"


@pytest.mark.parametrize("known", [{"installation_id": "phone", "where": 77}, {"where": None}])
def test_where_she_was_before_nothing_changes(client, lea, known):
    """SEC-15: the owner is never locked out: not her phone, not her home, not her session."""
    guess(client)
    where = known.pop("where")
    place = {} if where is None else {"environ_base": at(where)}
    body = {"email": LEA, "password": PASSWORD} | known
    assert client.post("/v1/auth/login", json=body, **place).status_code == 200
    assert client.post("/v1/auth/login", json=body | {"password": "typo"}, **place).json["code"] == "sign_in_refused"
    body = {"refresh_token": lea["refresh_token"], "installation_id": "phone"}
    assert client.post("/v1/auth/refresh", json=body).status_code == 200


def test_guessing_passwords_meanwhile_fills_no_mailbox_and_uses_up_no_code(client, lea, mailboxes):
    """SEC-13: a code goes out with the right password alone; no guess of a stranger's counts against it."""
    guess(client)
    before = len(mailboxes.of(LEA))
    for number in range(30):
        assert sign_in(client, password=f"wrong {number}", where=100 + number).json["code"] == "code_needed"
        sign_in(client, password=f"wrong {number}", where=100 + number, code=f"{number:06d}")
    assert len(mailboxes.of(LEA)) == before
    sign_in(client, where=40)
    code = mailboxes.code(LEA)
    for number in range(30):
        sign_in(client, password=f"wrong {number}", where=200 + number, code=f"{number:06d}")
    assert sign_in(client, where=40, code=code).status_code == 200


def test_it_ends_within_the_hour(client, lea):
    """SEC-15: and begins again with the next fifty."""
    guess(client)
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert sign_in(client, where=40).status_code == 200


def test_forty_nine_are_not_enough_and_her_own_do_not_count(client, lea):
    """SEC-15: who mistypes at home counts for nothing."""
    guess(client, times=49)
    for _ in range(10):
        log_in(client, LEA, "typo", installation_id="phone")
    assert sign_in(client, where=40).status_code == 200


def test_an_address_of_nobodys_behaves_alike(client, lea, mailboxes, statements):
    """SEC-14: status, body, statements; and no mail goes to it."""
    answers = {}
    for email in (LEA, NOBODY):
        guess(client, email)
        with statements() as seen:
            given = [
                sign_in(client, email, "wrong", where=40),
                sign_in(client, email, "wrong", where=40, code="000000"),
            ]
        answers[email] = [(each.status_code, each.data) for each in given], list(seen)
    assert answers[LEA] == answers[NOBODY]
    assert mailboxes.of(NOBODY) == []


def test_what_is_counted_is_bounded_and_tells_nobodys_address(client, lea):
    """SEC-22: digests; fifty rows a mailbox at most, however many guess."""
    guess(client, times=120, networks=120)
    assert count_of(FailedAttempts) == 50
    kept = str(db.session.execute(select(FailedAttempts.__table__)).all())
    assert not any(each in kept for each in (LEA, "203.0.0"))


# --- codes ---


def forget(client, where, email=LEA):
    assert client.post("/v1/auth/password/forgot", json={"email": email}, environ_base=at(where)).status_code == 202


@pytest.mark.parametrize("networks", [1, 30])
def test_a_strangers_taps_keep_the_owner_from_no_code(client, lea, mailboxes, networks):
    """SEC-13: five of one, or fifty of thirty; hers comes, or the last one is good again."""
    for number in range(50):
        forget(client, 1 + number % networks)
    mailboxes.of(LEA)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        forget(client, 99)
        body = {"email": LEA, "code": mailboxes.code(LEA), "password": "a whole new secret"}
        assert client.post("/v1/auth/password/reset", json=body, environ_base=at(99)).status_code == 200


def test_what_is_asked_for_another_purpose_keeps_nobody_from_joining(client, mailboxes):
    """SEC-13: five times "forgot" at an address that has no account yet, from the same network."""
    for _ in range(5):
        forget(client, 1, NOBODY)
    register(client, NOBODY)
    assert len(mailboxes.of(NOBODY)) == 1


def test_the_mailbox_is_not_filled_either(client, lea, mailboxes):
    """SEC-13: a code that is sent again goes out once in five minutes."""
    for number in range(100):
        forget(client, 1 + number % 50)
    assert db.session.scalar(select(func.count()).where(EmailCode.purpose == "reset")) == 20
    assert sum("mot de passe" in each.subject for each in mailboxes.of(LEA)) == 20


def test_a_strangers_guesses_do_not_use_up_the_owners_code(client, lea, mailboxes):
    """SEC-13: counted against who guesses first."""
    forget(client, 99)
    code = mailboxes.code(LEA)
    body = {"email": LEA, "password": "a whole new secret"}
    wrong = [f"{number:06d}" for number in range(40) if f"{number:06d}" != code]
    for each in wrong:
        assert client.post("/v1/auth/password/reset", json=body | {"code": each}, environ_base=at(1)).status_code == 401
    assert client.post("/v1/auth/password/reset", json=body | {"code": code}, environ_base=at(1)).status_code == 401
    assert client.post("/v1/auth/password/reset", json=body | {"code": code}, environ_base=at(99)).status_code == 200


def test_a_code_bears_only_so_many_guesses_of_however_many(client, lea, mailboxes):
    """SEC-13: twenty, and then it is no code any more."""
    forget(client, 99)
    code = mailboxes.code(LEA)
    body = {"email": LEA, "password": "a whole new secret"}
    wrong = "000000" if code != "000000" else "000001"
    for number in range(20):
        client.post("/v1/auth/password/reset", json=body | {"code": wrong}, environ_base=at(1 + number // 4))
    assert client.post("/v1/auth/password/reset", json=body | {"code": code}, environ_base=at(99)).status_code == 401


def guess_code(where, times=4):
    """Wrong guesses at Léa's code from one network."""
    for _ in range(times):
        with pytest.raises(CodeRefused):
            codes.take_code(LEA, "reset", "------", network=at(where)["REMOTE_ADDR"])
        db.session.commit()


def test_where_strangers_tried_out_a_code_a_new_one_goes_out_at_once(client, lea, mailboxes):
    """SEC-13: although the mailbox, and who asks, have had their share of the hour."""
    for number in range(25):
        forget(client, 1 + number % 5)
    forget(client, 99)
    for where in range(1, 6):
        guess_code(where)
    forget(client, 99)
    hers = {"email": LEA, "code": mailboxes.code(LEA), "password": "a whole new secret"}
    assert client.post("/v1/auth/password/reset", json=hers, environ_base=at(99)).status_code == 200


def test_who_shares_the_owners_network_uses_up_none_of_her_guesses(client, lea, mailboxes):
    """SEC-13: who asks again, guesses anew, be it for the same digits."""
    for _ in range(6):
        forget(client, 1)
    guess_code(1, times=5)
    forget(client, 1)
    hers = {"email": LEA, "code": mailboxes.code(LEA), "password": "a whole new secret"}
    assert client.post("/v1/auth/password/reset", json=hers, environ_base=at(1)).status_code == 200


def test_no_number_of_askers_and_guessers_gets_as_many_guesses_as_it_likes(client, lea, monkeypatch):
    """SEC-13: what keeps the owner from being shut out keeps everybody's odds small."""
    monkeypatch.setattr(selectors, "MOST_AFTER_ALL", (24, 120))
    for round_ in range(30):
        forget(client, 1 + round_)
        for where in range(5):
            guess_code(1 + (round_ * 5 + where) % 250)
    assert db.session.scalar(select(func.count()).where(EmailCode.purpose == "reset")) == 24


def test_no_code_is_older_than_an_hour_however_often_it_is_sent_again(client, lea):
    """SEC-13."""
    start = clock.now()
    for minute in range(0, 180, 4):
        with time_machine.travel(start + timedelta(minutes=minute)):
            forget(client, 99)
    lives = select(func.max(EmailCode.expires_at - EmailCode.created_at)).where(EmailCode.purpose == "reset")
    assert db.session.scalar(lives) <= timedelta(hours=1)
