"""An honest newcomer's first week: rules against those who mean ill cost her no step (CON-10, LED-11, SEC-27, MAT-04).

Each list holds the steps that she takes, as many as before those rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from neighbourly.accounts.models import User
from neighbourly.core.db import db
from tests.accounts.conftest import Mailboxes, register
from tests.factories.exchanges import day
from tests.factories.listings import offer
from tests.journeys.lending import Street
from tests.people import ANA_CELL, PASSWORD

NINA = "nina@example.org"


@dataclass
class Newcomer:
    """Nina and her phone; what she did, step by step."""

    street: Street
    user: User
    steps: list[str] = field(default_factory=list)

    def post(self, path: str, **body: Any) -> Any:
        """What she does."""
        self.steps.append(path.rsplit("/", 1)[1])
        return self.street.post(self.user, path, **body)

    def get(self, path: str) -> Any:
        """What she sees."""
        return self.street.get(self.user, path)

    def took(self) -> list[str]:
        """Her steps since the last look."""
        taken, self.steps = self.steps, []
        return taken


@pytest.fixture
def nina(client: FlaskClient, data_dir: Path, run_jobs, street: Street) -> Newcomer:
    """She joined with three calls of her app, has accepted the terms, and says where she lives."""
    joined = register(client, NINA, display_name="Nina N.")
    code = Mailboxes(data_dir / "mail", run_jobs).code(NINA)
    code = {"email": NINA, "code": code, "registration": joined.json.get("registration")}
    answer = client.post("/v1/auth/email/verify", json={key: value for key, value in code.items() if value})
    assert answer.status_code == 200, answer.text
    assert answer.json["next_steps"] == ["accept_terms", "set_home", "choose_interests"]
    assert client.post("/v1/auth/login", json={"email": NINA, "password": PASSWORD}).status_code == 200
    user = db.session.get_one(User, answer.json["user"]["id"])
    terms = street.get(user, "/config")["terms_version"]
    street.put(user, "/me/terms", version=terms)
    street.put(user, "/me/home", cell=ANA_CELL)
    street.as_(user).patch("/v1/me/preferences", json={"quiet_hours": None})
    street.give_phone(user, "nina")
    return Newcomer(street, user)


def test_she_borrows_a_drill_on_her_first_day(street, nina, bob):
    offer(bob, "Perceuse à percussion")
    street.give_phone(bob, "bob")
    need = nina.post("/listings", title="Je cherche une perceuse")
    assert street.rang() == [("bob", "request_nearby")], "her first question is asked at once"
    street.post(bob, f"/listings/{need['id']}/answers", answer="yes", message="Avec plaisir, je suis là ce soir.")
    assert street.rang() == [("nina", "answer_received")]
    (answer,) = nina.get(f"/listings/{need['id']}/answers")["items"]
    times = {"starts_at": day(0.1).isoformat(), "ends_at": day(1).isoformat()}
    loan = nina.post("/exchanges", answer_id=answer["id"], message="Merci, à ce soir !", **times)
    assert loan["state"] == "accepted"
    chat = f"/conversations/{loan['conversation_id']}/messages"
    for words in ("Je sonne ?", "Ou j'appelle ?", "J'arrive à 18 h.", "C'est bon ?"):
        nina.post(chat, body=words)
    street.put(bob, f"/exchanges/{loan['id']}/meeting", text="Sonnez chez B.")
    assert nina.get(f"/exchanges/{loan['id']}/meeting")["text"] == "Sonnez chez B."
    street.later(hours=3)
    nina.post(f"/exchanges/{loan['id']}/hand_over")
    street.later(hours=20)
    assert nina.post(f"/exchanges/{loan['id']}/return", condition="Propre.")["state"] == "returned"
    nina.post(f"/exchanges/{loan['id']}/thanks", text="Merci Bob !")
    assert nina.took() == ["listings", "exchanges", *["messages"] * 4, "hand_over", "return", "thanks"]


def test_she_is_helped_before_she_ever_helped(street, nina, bob):
    need = nina.post("/listings", title="Porter un canapé", kind="time", needed_from=_in(48), needed_until=_in(49))
    street.post(bob, f"/listings/{need['id']}/answers", answer="yes")
    (answer,) = nina.get(f"/listings/{need['id']}/answers")["items"]
    help = nina.post("/exchanges", answer_id=answer["id"], starts_at=_in(48), ends_at=_in(49))
    assert (help["state"], help["minutes"]) == ("accepted", 60)
    street.later(days=2.2)
    street.tap(bob, help, "done", minutes=60)
    nina.post(f"/exchanges/{help['id']}/confirm")
    assert street.get(bob, "/me/timebank")["balance_minutes"] == 60
    assert nina.took() == ["listings", "exchanges", "confirm"]


def test_she_asks_those_who_offer(street, nina, ana, bob):
    """A question and a wish carry words, to several people a day, and an answer opens the thread."""
    ladder, tent = offer(ana, "Une échelle"), offer(bob, "Une tente")
    thread = nina.post("/conversations", listing_id=str(ladder.id), body="Elle fait combien de mètres ?")
    nina.post(f"/conversations/{thread['id']}/messages", body="Et combien de kilos ?")
    street.post(ana, f"/conversations/{thread['id']}/messages", body="4 mètres, 12 kilos.")
    for words in ("Parfait.", "Je peux la prendre à deux ?", "Samedi ?"):
        nina.post(f"/conversations/{thread['id']}/messages", body=words)
    times = {"starts_at": day(2).isoformat(), "ends_at": day(4).isoformat()}
    wish = nina.post("/exchanges", listing_id=str(tent.id), message="Pour ma fille, samedi.", **times)
    assert (wish["state"], wish["awaiting"]) == ("proposed", "giver")
    street.tap(bob, wish, "accept")
    assert nina.took() == ["conversations", *["messages"] * 4, "exchanges"]


def test_she_offers_and_is_thanked(street, nina, ana):
    raclette = nina.post("/listings", title="Appareil à raclette", direction="offer")
    times = {"starts_at": day(0.1).isoformat(), "ends_at": day(1).isoformat()}
    loan = street.post(ana, "/exchanges", listing_id=raclette["id"], message="Pour ce soir ?", **times)
    nina.post(f"/exchanges/{loan['id']}/accept")
    street.later(hours=3)
    street.tap(ana, loan, "hand_over")
    street.later(hours=20)
    nina.post(f"/exchanges/{loan['id']}/return")
    street.post(ana, f"/exchanges/{loan['id']}/thanks", text="Un délice, merci Nina.")
    nina.post(f"/exchanges/{loan['id']}/thanks", text="Avec plaisir !")
    shown = street.get(ana, f"/neighbours/{nina.user.id}")["thanks"]
    assert [each["text"] for each in shown] == ["Un délice, merci Nina."], "thanking back is agreeing"
    assert nina.took() == ["listings", "accept", "return", "thanks"]


def _in(hours: float) -> str:
    return day(hours / 24).replace(minute=0, second=0, microsecond=0).isoformat()
