"""Invitations: a code, a link and a QR; twenty uses, sixty days, no points."""

from __future__ import annotations

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from sqlalchemy import select

from neighbourly.accounts import jobs
from neighbourly.accounts.models import Invitation
from neighbourly.core import clock
from neighbourly.core.db import db


@pytest.fixture
def card(as_, ana):
    """What Ana hands on."""
    made = as_(ana).post("/v1/invitations")
    assert made.status_code == 201
    return made.json


def uses_left() -> int:
    return db.session.scalars(select(Invitation.uses_left)).one()


def test_an_invitation_is_a_code_a_link_and_a_picture(app, card):
    assert set(card) == {"id", "code", "url", "qr_svg", "uses_left", "expires_at"}
    assert card["url"] == f"{app.extensions['neighbourly.settings'].public_url}/i/{card['code']}"
    picture = ElementTree.fromstring(card["qr_svg"])
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert int(picture.get("width")) == int(picture.get("height")) > 100
    assert "<script" not in card["qr_svg"]
    assert card["uses_left"] == 20


def test_its_code_has_no_letters_that_look_alike(card):
    assert len(card["code"]) == 10
    assert not set(card["code"]) & set("01OI")


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "the same"}])
def test_a_second_tap_gives_the_same_code_while_nobody_has_used_it(as_, ana, headers):
    """REL-01: an answer with a code in it is never stored for a retry, and need not be."""
    first, second = (as_(ana).post("/v1/invitations", headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json["code"] == second.json["code"]
    assert second.headers["Cache-Control"] == "no-store"


def test_a_code_that_brought_somebody_is_followed_by_a_new_one(as_, ana, join, card):
    join("lea@example.org", invite=card["code"])
    assert as_(ana).post("/v1/invitations").json["code"] != card["code"]


@pytest.mark.parametrize("typed", ["{}", " {} ", "as small letters", "in groups"])
def test_whoever_joins_with_the_code_uses_it_once(join, card, typed):
    code = card["code"]
    typed = {"as small letters": code.lower(), "in groups": f"{code[:5]}-{code[5:]}"}.get(typed, typed.format(code))
    join("lea@example.org", invite=typed)
    assert uses_left() == 19


def test_twenty_join_and_the_twenty_first_does_too_but_no_longer_by_it(join, card):
    row = db.session.scalars(select(Invitation)).one()
    row.uses_left = 1
    db.session.commit()
    join("twentieth@example.org", invite=card["code"])
    assert uses_left() == 0
    join("twenty-first@example.org", invite=card["code"])
    assert uses_left() == 0


def test_after_sixty_days_it_counts_no_more_and_is_forgotten(app, join, card):
    assert timedelta(days=59, hours=23) < _when(card) - clock.now() <= timedelta(days=60)
    with time_machine.travel(_when(card) + timedelta(seconds=1)):
        join("late@example.org", invite=card["code"])
        assert uses_left() == 20
    with time_machine.travel(_when(card) + timedelta(days=31)):
        jobs.forget_old()
    assert db.session.scalars(select(Invitation)).all() == []


def _when(card) -> datetime:
    return datetime.fromisoformat(card["expires_at"])


def test_without_an_invitation_one_joins_as_well(join, card):
    join("lea@example.org", invite=None)
    assert uses_left() == 20


@pytest.mark.parametrize("invite", ["UNKNOWN", "x" * 40, "' OR 1=1"])
def test_an_invitation_that_never_was_is_said_to_be_none(client, card, invite):
    """Who mistyped it learns so, and may join without it."""
    body = {"email": "lea@example.org", "password": "quatre chats", "display_name": "Léa", "adult": True}
    refused = client.post("/v1/auth/register", json=body | {"invite": invite})
    assert (refused.status_code, refused.json["code"]) == (422, "unknown_invitation")
    assert [each["pointer"] for each in refused.json["errors"]] == ["/invite"]


def test_a_registration_that_is_never_confirmed_uses_nothing(client, card):
    body = {"email": "lea@example.org", "password": "quatre chats", "display_name": "Léa", "adult": True}
    assert client.post("/v1/auth/register", json=body | {"invite": card["code"]}).status_code == 202
    assert uses_left() == 20
