"""Joining: the code from one's own mailbox, and what somebody else who types the same address gains: nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from neighbourly.accounts import passwords, tokens
from neighbourly.accounts.models import EmailCode, PendingRegistration, User
from neighbourly.core import clock
from neighbourly.core.db import db
from tests.accounts.conftest import bearer, log_in, register
from tests.databases import count_of
from tests.people import PASSWORD

LEA = "lea@example.org"
BODY = {"email": LEA, "password": PASSWORD, "display_name": "Léa M.", "adult": True}


def verify(client, code, email=LEA, **brought):
    """Type the code, on the phone that registered where what `register` answered is `brought`."""
    return client.post("/v1/auth/email/verify", json={"email": email, "code": code, **brought})


def test_the_code_from_the_mailbox_opens_the_account(client, mailboxes):
    asked = register(client, LEA)
    assert (asked.status_code, set(asked.json)) == (202, {"registration"})
    answer = verify(client, mailboxes.code(LEA))
    assert answer.status_code == 200
    assert set(answer.json) == {"user", "access_token", "refresh_token", "expires_at", "next_steps"}
    assert answer.json["user"]["email"] == LEA
    assert client.get("/v1/me", headers=bearer(answer.json)).json["display_name"] == "Léa M."


def test_the_password_chosen_at_registration_signs_in(client, join):
    assert "set_password" not in join(LEA)["next_steps"]
    assert log_in(client, "LEA@Example.org").status_code == 200


def test_a_code_works_once(client, mailboxes):
    register(client, LEA)
    code = mailboxes.code(LEA)
    assert verify(client, code).status_code == 200
    refused = verify(client, code)
    assert (refused.status_code, refused.json["code"]) == (401, "code_refused")


def test_a_code_lives_a_quarter_of_an_hour(client, mailboxes):
    """SEC-13: 15 minutes, to the second."""
    register(client, LEA)
    code = mailboxes.code(LEA)
    sent_at = db.session.scalars(select(EmailCode.created_at)).one()
    with time_machine.travel(sent_at + timedelta(minutes=15)):
        assert verify(client, code).status_code == 401
    with time_machine.travel(sent_at + timedelta(minutes=14, seconds=59)):
        assert verify(client, code).status_code == 200


def test_the_mail_names_who_asked_and_when(client, mailboxes):
    """SEC-13: so that nobody types the code of a registration that is not theirs."""
    with time_machine.travel("2026-11-21T21:39:00Z"):
        register(client, LEA, display_name="Mallory")
        mail = mailboxes.of(LEA)[0]
    assert "«\u00a0Mallory\u00a0»" in mail.text
    assert "samedi 21 novembre à 22:39" in mail.text


def test_an_attacker_who_registers_second_gains_nothing(client, mailboxes):
    """SEC-13: the owner types her code elsewhere; the attacker's password opens nothing, she sets one of her own."""
    register(client, LEA)
    register(client, LEA, password="the attacker's own", display_name="Mallory")
    answer = verify(client, mailboxes.code(LEA, which=0)).json
    assert answer["user"]["display_name"] == "Léa M."
    assert "set_password" in answer["next_steps"]
    assert log_in(client, LEA, "the attacker's own").status_code == 401
    assert log_in(client, LEA).status_code == 401
    client.patch("/v1/me", json={"password": "a new one of hers"}, headers=bearer(answer))
    assert "set_password" not in log_in(client, LEA, "a new one of hers").json["next_steps"]


def test_an_attacker_who_registers_first_gains_nothing(client, mailboxes):
    """SEC-13: even where the owner types the attacker's code by mistake."""
    register(client, LEA, password="the attacker's own", display_name="Mallory")
    hers = register(client, LEA).json
    answer = verify(client, mailboxes.code(LEA, which=0), **hers).json
    assert "set_password" in answer["next_steps"]
    assert log_in(client, LEA, "the attacker's own").status_code == 401


@pytest.mark.parametrize("typed", [0, 1])
@pytest.mark.parametrize("said", [{}, {"email": "LEA@example.org"}, {"language": "en"}, {"display_name": " Léa  M."}])
def test_the_same_registration_sent_again_is_one_and_keeps_its_password(client, mailboxes, said, typed):
    """SEC-13: the answer was lost, so the app asks again; whichever of the two codes is typed, the password stands."""
    first = register(client, LEA).json
    address = said.get("email", LEA)
    again = client.post("/v1/auth/register", json=BODY | said).json
    assert (count_of(PendingRegistration), count_of(EmailCode), again) == (1, 2, first)
    answer = verify(client, mailboxes.code(address) if typed else mailboxes.code(LEA, which=0), **again)
    assert "set_password" not in answer.json["next_steps"]
    assert log_in(client, LEA).status_code == 200


def test_what_else_it_says_the_second_time_counts(client, mailboxes, as_, ana):
    """SEC-13: the language, and the invitation; the mail tells when it was asked for last."""
    invite = as_(ana).post("/v1/invitations").json["code"]
    with time_machine.travel("2026-11-21T21:39:00Z"):
        register(client, LEA)
    with time_machine.travel("2026-11-21T21:45:00Z"):
        register(client, LEA, language="en", invite=invite)
        mail = mailboxes.of(LEA)[-1]
    pending = db.session.scalars(select(PendingRegistration)).one()
    assert (pending.language, pending.invite) == ("en", invite)
    assert "22:45" in mail.text


@pytest.mark.parametrize("other", [{"password": "another one of hers"}, {"display_name": "Léa"}])
def test_another_password_or_name_is_another_registration(client, mailboxes, other):
    """SEC-13: with a token of its own; the first one's does not speak for it."""
    first = register(client, LEA).json
    assert register(client, LEA, **other).json != first
    assert count_of(PendingRegistration) == 2
    assert "set_password" in verify(client, mailboxes.code(LEA), **first).json["next_steps"]


def test_a_strangers_registration_under_the_same_name_takes_the_owners_password_from_nobody(client, mailboxes):
    """SEC-13: hers, sent again, is still one, and hers counts whatever else waits."""
    register(client, LEA, password="the attacker's own")
    register(client, LEA)
    hers = register(client, LEA).json
    assert count_of(PendingRegistration) == 2
    assert "set_password" not in verify(client, mailboxes.code(LEA), **hers).json["next_steps"]
    assert (log_in(client, LEA, "the attacker's own").status_code, log_in(client, LEA).status_code) == (401, 200)


def test_the_same_registration_five_times_at_once_is_one(real_app):
    """SEC-13: an app that retries before the answer came; with connections of their own."""
    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(lambda _: register(real_app.test_client(), LEA), range(5)))
    assert {each.status_code for each in answers} == {202}
    with real_app.app_context():
        assert (count_of(PendingRegistration), count_of(EmailCode)) == (1, 5)


def test_an_older_code_stays_good_when_a_newer_one_is_sent(client, mailboxes):
    """SEC-13: whoever types the first of two mails is not turned away."""
    hers = register(client, LEA).json
    client.post("/v1/auth/email/resend", json={"email": LEA})
    first, second = mailboxes.code(LEA, which=0), mailboxes.code(LEA, which=1)
    assert first != second
    answer = verify(client, first, **hers)
    assert answer.status_code == 200
    assert "set_password" not in answer.json["next_steps"], "one registration with two codes is still one"


def test_once_verified_no_other_code_of_the_address_counts(client, mailboxes):
    register(client, LEA)
    register(client, LEA, display_name="Mallory")
    first, second = mailboxes.code(LEA, which=0), mailboxes.code(LEA, which=1)
    verify(client, first)
    assert verify(client, second).status_code == 401
    assert count_of(PendingRegistration) == 0


def test_five_tries_and_the_right_code_is_refused_too(client, mailboxes):
    """SEC-13: the tries are counted though each was answered by a refusal, and with the limits off."""
    register(client, LEA)
    code = mailboxes.code(LEA)
    wrong = "000000" if code != "000000" else "000001"
    for tries in range(1, 6):
        assert verify(client, wrong).status_code == 401
        assert db.session.scalars(select(EmailCode.tries)).one() == tries
    assert verify(client, code).status_code == 401


def test_a_wrong_try_counts_on_every_code_of_the_address(client, mailboxes):
    """SEC-13: several live codes do not give several times five tries."""
    register(client, LEA)
    register(client, LEA)
    codes = {mailboxes.code(LEA, which=0), mailboxes.code(LEA, which=1)}
    verify(client, next(each for each in ("000000", "000001", "000002") if each not in codes))
    assert list(db.session.scalars(select(EmailCode.tries))) == [1, 1]


@pytest.mark.parametrize("ask", ["register", "resend", "forgot"])
def test_an_address_gets_five_codes_an_hour_and_after_ten_a_day_one_at_a_time(client, mailboxes, ask):
    """SEC-13: for who asks, of each purpose, and with the limits off; never nothing, and none older than an hour."""
    register(client, LEA)
    others = 1 if ask == "forgot" else 0

    def again():
        if ask == "register":
            return register(client, LEA)
        path = {"resend": "/v1/auth/email/resend", "forgot": "/v1/auth/password/forgot"}[ask]
        return client.post(path, json={"email": LEA.upper()})

    def sent() -> int:
        return count_of(EmailCode) - others

    start = clock.now()
    for hour, expected in ((0, 5), (1, 10), (2, 11), (23, 12), (25, 17)):
        with time_machine.travel(start + timedelta(hours=hour, minutes=hour + 1)):
            assert {again().status_code for _ in range(7)} == {202}
            assert sent() == expected


def test_verifying_does_not_give_an_address_new_codes(client, join):
    """SEC-13: what was sent before counts on."""
    join(LEA)
    before = count_of(EmailCode)
    assert before == 1


def test_a_known_address_gets_a_mail_that_says_so_and_no_code(client, mailboxes, new_user):
    new_user("Léa M.", email=LEA, language="en")
    register(client, LEA, password="the attacker's own", display_name="Mallory")
    (mail,) = mailboxes.of(LEA)
    assert mail.subject == "You already have an account"
    assert "Mallory" not in mail.text
    assert not any(word.isdecimal() and len(word) == 6 for word in mail.text.split())


def test_a_guessed_code_lets_nobody_into_an_account_that_exists(client, new_user, monkeypatch):
    """SEC-13: the code that was never mailed is refused even if it is right."""
    new_user("Léa M.", email=LEA)
    register(client, LEA, password="the attacker's own")
    monkeypatch.setattr("neighbourly.accounts.tokens.code_digits", lambda _secret, _id: "424242")
    assert verify(client, "424242").status_code == 401
    assert log_in(client, LEA, "the attacker's own").status_code == 401


def test_signing_in_before_the_code_is_the_same_refusal_and_the_mail_goes_out_again(client, mailboxes):
    register(client, LEA)
    assert len(mailboxes.of(LEA)) == 1
    refused = log_in(client, LEA)
    assert (refused.status_code, refused.json["code"]) == (401, "sign_in_refused")
    assert len(mailboxes.of(LEA)) == 2
    assert verify(client, mailboxes.code(LEA)).status_code == 200


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"adult": False}, "/adult", "adults_only"),
        ({"adult": "yes"}, "/adult", "wrong_type"),
        ({"email": "not an address"}, "/email", "bad_email"),
        ({"email": "jean@localhost"}, "/email", "bad_email"),
        ({"email": "jean@box.local"}, "/email", "bad_email"),
        ({"email": "jean@[127.0.0.1]"}, "/email", "bad_email"),
        ({"email": "jean@exa_mple.org"}, "/email", "bad_email"),
        ({"email": "Jean <jean@example.org>"}, "/email", "bad_email"),
        ({"email": 7}, "/email", "wrong_type"),
        ({"email": f"{'x' * 250}@example.org"}, "/email", "too_long"),
        ({"email": "é@example.org"}, "/email", "bad_email"),
        ({"display_name": "  "}, "/display_name", "bad_length"),
        ({"display_name": "x" * 61}, "/display_name", "bad_length"),
        ({"display_name": "go to https://evil.example"}, "/display_name", "link_in_name"),
        ({"display_name": "www.evil.example"}, "/display_name", "link_in_name"),
        ({"display_name": "<b>Bob</b>"}, "/display_name", "markup_in_name"),
        ({"display_name": "Bob<br/>"}, "/display_name", "markup_in_name"),
        ({"display_name": "a\u202eb"}, "/display_name", "control_character"),
        ({"display_name": "\u115f"}, "/display_name", "control_character"),
        ({"display_name": "Ka\u200drim"}, "/display_name", "control_character"),
        ({"display_name": "\u200b\u200b"}, "/display_name", "bad_length"),
        ({"display_name": "👩🏽‍🔧" * 61}, "/display_name", "bad_length"),
        ({"display_name": "e" + "\u0301" * 17}, "/display_name", "control_character"),
        ({"language": "de"}, "/language", "not_a_choice"),
        ({"role": "admin"}, "/role", "unknown_field"),
        ({"id": "0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6"}, "/id", "unknown_field"),
        ({"territory_code": "own"}, "/territory_code", "unknown_field"),
    ],
)
def test_a_registration_that_is_not_right_says_where(client, change, pointer, code):
    """SEC-05: nothing is bound that is not asked for."""
    refused = register(client, LEA, **change)
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [(pointer, code)]
    assert count_of(PendingRegistration) == 0


def test_a_name_on_two_lines_becomes_one(client, join):
    assert join(LEA, display_name=" Léa \n M. ")["user"]["display_name"] == "Léa M."


@pytest.mark.parametrize(
    "name",
    [
        "👩🏽‍🔧",
        "Léa 🏳️‍🌈",
        "علی\u200cرضا",
        "র\u200d্যাব",
        "Nguyễn Thị",
        "Zoë <3",
        "👩🏽‍🔧" * 58,
    ],
)
def test_a_name_is_kept_as_it_was_written(join, name):
    """TXT-03: any script, joined emoji; sixty of what a person sees, with what was typed around it."""
    assert join(LEA, display_name=f" {name}\u200b")["user"]["display_name"] == name


@pytest.mark.parametrize("name", ["محمد\u200f", "\u200eשלום \u200e"])
def test_the_direction_marks_that_a_keyboard_leaves_around_a_name_go(join, name):
    """TXT-03"""
    assert join(LEA, display_name=name)["user"]["display_name"] == name.strip(" \u200e\u200f")


def test_the_language_is_that_of_the_call_unless_it_says_otherwise(client, mailboxes):
    client.post("/v1/auth/register", json=BODY, headers={"Accept-Language": "en-GB,en;q=0.9,fr;q=0.5"})
    (first,) = mailboxes.of(LEA)
    client.post("/v1/auth/register", json=BODY | {"language": "fr"}, headers={"Accept-Language": "en"})
    second = mailboxes.of(LEA)[-1]
    assert first.subject == "Your code to join your neighbours"
    assert second.subject == "Votre code pour rejoindre vos voisins"


@pytest.mark.parametrize(
    "typed", ["lea@exämple.fr", "lea@EXÄMPLE.fr", " lea@xn--exmple-cua.fr ", "lea@exa\u0308mple.fr"]
)
def test_an_address_of_an_international_domain_is_one_and_is_written_to_in_ascii(client, mailboxes, typed):
    """Whatever way it is typed; its owner reads it as they write it."""
    hers = register(client, typed).json
    signed_in = verify(client, mailboxes.code("lea@xn--exmple-cua.fr"), email="lea@exämple.fr", **hers)
    assert signed_in.json["user"]["email"] == "lea@exämple.fr"
    assert log_in(client, typed).status_code == 200


def test_who_has_an_address_that_nobody_outside_reaches_goes_on_signing_in(client, new_user):
    """It was made by a command, on a machine of its own."""
    new_user("Léa M.", email="lea@box.local", password_hash=passwords.hashed(PASSWORD))
    assert log_in(client, "lea@box.local").status_code == 200


@pytest.mark.parametrize(
    "pasted", ["{} ", " {}", "{}\n", "{}\r\n", "\t{}", "\u00a0{}", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}"]
)
def test_a_code_pasted_with_spaces_or_a_line_end_is_the_code(client, mailboxes, pasted):
    register(client, LEA)
    assert verify(client, pasted.format(mailboxes.code(LEA))).status_code == 200


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "1-2-3-4-5-6"])
def test_what_is_not_six_digits_is_no_try(client, typed):
    register(client, LEA)
    refused = verify(client, typed)
    assert (refused.status_code, refused.json["code"]) == (422, "not_six_digits")
    assert db.session.scalar(select(EmailCode.tries)) == 0


def test_registering_makes_no_account_before_the_code(client):
    register(client, LEA)
    assert db.session.scalar(select(func.count()).select_from(User).where(User.email == LEA)) == 0


def test_twenty_requests_at_once_send_five_codes(real_app):
    """SEC-13: counted under a lock, with connections of their own."""
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: register(real_app.test_client(), LEA), range(20)))
    assert {each.status_code for each in answers} <= {202, 503}
    with real_app.app_context():
        assert count_of(EmailCode) == 5


def test_twenty_guesses_at_once_are_five_tries(real_app):
    """SEC-13: guessing in parallel gains nothing."""
    register(real_app.test_client(), LEA)
    with ThreadPoolExecutor(20) as threads:
        codes = [f"{number:06d}" for number in range(20)]
        answers = list(threads.map(lambda code: verify(real_app.test_client(), code), codes))
    assert {each.status_code for each in answers} == {401}
    with real_app.app_context():
        assert db.session.scalar(select(EmailCode.tries)) == 5


def test_a_code_typed_twice_at_once_makes_one_account(real_app):
    """REL-01: two taps on the button."""
    register(real_app.test_client(), LEA)
    with real_app.app_context():
        code = tokens.code_digits(real_app.config["SECRET_KEY"], db.session.scalar(select(EmailCode.id)))
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: verify(real_app.test_client(), code), range(8)))
    assert sorted(each.status_code for each in answers) == [200] + [401] * 7
