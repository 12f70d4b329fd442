"""A yes that nobody chooses is reminded of, once, and not past its time (NOT-02)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.exchanges import jobs
from neighbourly.listings import jobs as listings
from tests.factories.listings import ask


@pytest.fixture
def heard(app, as_, ana, later):
    """`heard(hours=1)`: how many titles so far await Ana's choice, that much later."""

    def look(**by):
        later(**by)
        db.session.commit()
        with app.app_context():
            jobs.remind_of_choices()
        items = as_(ana).get("/v1/notifications", headers={"Accept-Language": "en"}).json["items"]
        return [each["title"] for each in items].count("Your choice is awaited: Une perceuse")

    return look


def say_yes(as_, who, need):
    answer = as_(who).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes"})
    assert answer.status_code in (200, 201), answer.text
    return answer.json


def test_a_day_after_the_first_yes_who_asked_hears_that_it_waits(as_, ana, bob, cleo, heard):
    """NOT-02."""
    need = ask(ana)
    say_yes(as_, bob, need)
    assert heard(hours=23) == 0
    say_yes(as_, cleo, need)
    assert [heard(hours=1.1), heard(minutes=10), heard(hours=24)] == [1, 1, 1]


def test_of_a_need_that_ends_sooner_it_is_sooner(as_, ana, bob, heard):
    """NOT-02: of eight hours two before the end."""
    need = ask(ana, needed_until=clock.now() + timedelta(hours=8))
    say_yes(as_, bob, need)
    assert heard(hours=5.9) == 0
    assert heard(hours=0.2) == 1


@pytest.mark.parametrize("ends", ["chosen", "closed", "taken back"])
def test_nobody_is_reminded_of_what_waits_no_longer(as_, ana, bob, heard, ends):
    """NOT-02."""
    need = ask(ana)
    answer = say_yes(as_, bob, need)
    if ends == "chosen":
        times = {"starts_at": clock.now() + timedelta(days=2), "ends_at": clock.now() + timedelta(days=3)}
        body = {"answer_id": answer["id"]} | {name: at.isoformat() for name, at in times.items()}
        assert as_(ana).post("/v1/exchanges", json=body).status_code == 201
    elif ends == "closed":
        assert as_(ana).post(f"/v1/listings/{need.id}/close").status_code == 200
    else:
        as_(bob).post(f"/v1/listings/{need.id}/answers", json={"answer": "no"})
    assert heard(hours=24.5) == 0


def test_who_was_not_chosen_hears_that_the_need_has_run_out(app, as_, ana, bob, cleo, later):
    """NOT-02: a yes ends with the need; who was chosen hears of their exchange instead."""
    need = ask(ana, needed_until=clock.now() + timedelta(days=2), helpers_needed=2)
    yes = say_yes(as_, bob, need)
    say_yes(as_, cleo, need)
    times = {"starts_at": clock.now() + timedelta(hours=30), "ends_at": clock.now() + timedelta(hours=40)}
    body = {"answer_id": yes["id"]} | {name: at.isoformat() for name, at in times.items()}
    assert as_(ana).post("/v1/exchanges", json=body).status_code == 201
    later(days=2.01)
    with app.app_context():
        listings.watch_expiry()
    titles = {
        who.id: [
            each["title"] for each in as_(who).get("/v1/notifications").json["items"] if "C'est passé" in each["title"]
        ]
        for who in (bob, cleo)
    }
    assert titles == {bob.id: [], cleo.id: ["C'est passé\u00a0: Une perceuse"]}
