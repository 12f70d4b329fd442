"""SEC-13: who registers somebody else's address holds nothing of the account that its owner makes later."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from neighbourly.accounts.models import Invitation, User
from neighbourly.core.db import db
from tests.accounts.conftest import log_in, register
from tests.people import PASSWORD

CLAIRE = "claire@example.org"
PIRATE = "the pirate's own password"


def verify(client, code, language="fr", **brought):
    """Type the code at an app in this language."""
    body = {"email": CLAIRE, "code": code, **brought}
    return client.post("/v1/auth/email/verify", json=body, headers={"Accept-Language": language})


@pytest.fixture
def waiting(client) -> dict[str, str]:
    """The pirate has registered Claire's address, with her name; what he was answered."""
    return register(client, CLAIRE, password=PIRATE, display_name="Claire Martin", language="en").json


def test_the_pirates_password_opens_nothing_after_her_sign_in_sent_the_code(client, waiting, mailboxes):
    """SEC-13: account pre-hijacking: she signs in, is told that this failed, and types the code that came with it."""
    assert log_in(client, CLAIRE, "a password of her own").status_code == 401
    mail = mailboxes.of(CLAIRE)[-1]
    assert mail.subject == "A sign-in failed: there is no account yet"
    assert "tried to sign in" in mail.text
    hers = verify(client, mailboxes.code(CLAIRE))
    assert (hers.status_code, "set_password" in hers.json["next_steps"]) == (200, True)
    assert log_in(client, CLAIRE, PIRATE).status_code == 401
    headers = {"Authorization": f"Bearer {hers.json['access_token']}"}
    chosen = client.patch("/v1/me", json={"password": "a password of her own"}, headers=headers)
    assert chosen.status_code == 200, "proof of a moment ago: the code"
    assert log_in(client, CLAIRE, "a password of her own").json["next_steps"] == ["accept_terms", "set_home"] + [
        step for step in hers.json["next_steps"] if step == "choose_interests"
    ]
    assert log_in(client, CLAIRE, PIRATE).status_code == 401


@pytest.mark.parametrize("way", ["sign-in", "resend", "register"])
@pytest.mark.parametrize("brought", ["nothing", "nonsense", "her own of another name", "a forged one"])
def test_whatever_sent_the_code_only_the_registrations_own_token_keeps_its_password(
    client, waiting, mailboxes, way, brought
):
    """SEC-13: whatever she brings that is not his token, and whatever brought his code to her."""
    hers = register(client, CLAIRE, display_name="Claire").json["registration"]
    token = {
        "nothing": None,
        "nonsense": "x.y",
        "her own of another name": hers,
        "a forged one": waiting["registration"].partition(".")[0] + "." + hers.partition(".")[2],
    }[brought]
    if way == "sign-in":
        log_in(client, CLAIRE)
    elif way == "resend":
        client.post("/v1/auth/email/resend", json={"email": CLAIRE} | waiting)
    else:
        register(client, CLAIRE, password=PIRATE, display_name="Claire Martin")
    his_code = mailboxes.code(CLAIRE, which=0)
    answer = verify(client, his_code, registration=token)
    assert (answer.status_code, "set_password" in answer.json["next_steps"]) == (200, True)
    assert {log_in(client, CLAIRE, each).status_code for each in (PIRATE, PASSWORD)} == {401}


def test_nor_do_his_language_and_his_invitation_count(client, mailboxes, as_, ana):
    """SEC-13: what a stranger wrote is his; the name she has read in the mail."""
    code = as_(ana).post("/v1/invitations").json["code"]
    register(client, CLAIRE, password=PIRATE, language="en", invite=code)
    assert verify(client, mailboxes.code(CLAIRE), language="fr").json["user"]["language"] == "fr"
    assert db.session.scalars(select(Invitation.uses_left)).one() == 20


def test_with_the_token_all_that_she_wrote_stands(client, mailboxes, as_, ana):
    """SEC-13: the honest newcomer types her code and has her account, with no step more."""
    code = as_(ana).post("/v1/invitations").json["code"]
    hers = register(client, CLAIRE, language="en", invite=code).json
    answer = verify(client, mailboxes.code(CLAIRE), **hers).json
    assert (answer["user"]["language"], "set_password" in answer["next_steps"]) == ("en", False)
    assert db.session.scalars(select(Invitation.uses_left)).one() == 19
    assert log_in(client, CLAIRE).status_code == 200


def test_resending_sends_the_code_of_ones_own_registration(client, mailboxes):
    """SEC-13: though a stranger's is newer."""
    hers = register(client, CLAIRE).json
    register(client, CLAIRE, password=PIRATE, display_name="Mallory")
    client.post("/v1/auth/email/resend", json={"email": CLAIRE} | hers)
    assert "Léa M" in mailboxes.of(CLAIRE)[-1].text
    assert "set_password" not in verify(client, mailboxes.code(CLAIRE), **hers).json["next_steps"]


def test_the_token_alone_opens_nothing(client, waiting):
    """SEC-13: it says who registered, not whose mailbox it is."""
    assert verify(client, "000000", **waiting).status_code == 401
    assert db.session.scalar(select(User.id).where(User.email == CLAIRE)) is None
