"""Several needs and several workers at one moment, on real connections."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from neighbourly.accounts.models import User
from neighbourly.core.db import db
from neighbourly.matching import jobs, selectors
from neighbourly.matching.models import Asked
from neighbourly.preferences.models import Preferences
from tests import people
from tests.databases import count_of, run_job

BOTH = 2


def publish(app: Flask, user: User, title: str, **more: Any) -> str:
    answer = people.sign_in(app, user).post("/v1/listings", json={"title": title, **more})
    return str(answer.json["id"])


@pytest.fixture
def needs(committing_app: Flask) -> list[str]:
    """Ana and Cleo need a drill at the same moment; Bob has one, and wants to be asked once a week."""
    ana, bob, cleo = (
        people.make(name, home=cell)
        for name, cell in [("Ana", people.ANA_CELL), ("Bob", people.BOB_CELL), ("Cleo", people.CLEO_CELL)]
    )
    publish(committing_app, bob, "Perceuse", direction="offer")
    db.session.get_one(Preferences, bob.id).asks_per_week = 1
    db.session.commit()
    return [publish(committing_app, ana, "Une perceuse"), publish(committing_app, cleo, "Une perceuse")]


def asked() -> int:
    return count_of(Asked)


def test_two_needs_cannot_both_have_the_last_ask_of_someones_week(needs, monkeypatch):
    """Both found Bob free; under the lock one of them sees what the other took."""
    both_have_looked = Barrier(BOTH, timeout=20)
    look = selectors.list_askable

    def look_together(*given: Any) -> Any:
        found = look(*given)
        assert [each.person.asked_this_week for each in found] == [0]
        both_have_looked.wait()
        return found

    monkeypatch.setattr(selectors, "list_askable", look_together)
    with ThreadPoolExecutor(BOTH) as threads:
        list(threads.map(lambda need: run_job("matching.send_wave", listing_id=need), needs))
    assert asked() == 1


def test_two_workers_do_not_send_one_wave_twice(committing_app, needs):
    def sweep(_number: int) -> None:
        with committing_app.app_context():
            jobs.send_due_waves()

    with ThreadPoolExecutor(BOTH) as threads:
        list(threads.map(sweep, range(BOTH)))
    assert asked() == 1


def test_an_answer_and_a_wave_at_one_moment_wait_for_each_other(committing_app, needs):
    """No deadlock: whoever changes a request and its asking takes the request first."""
    need = needs[0]
    dora = people.make("Dora", home=people.BOB_CELL)
    token = people.sign_in(committing_app, dora).token

    def answer(choice: str) -> int:
        with committing_app.app_context():
            client = people.Client(committing_app, token)
            return int(client.post(f"/v1/listings/{need}/answers", json={"answer": choice}).status_code)

    with ThreadPoolExecutor(4) as threads:
        waves = [threads.submit(run_job, "matching.send_wave", listing_id=need) for _ in range(4)]
        codes = list(threads.map(answer, ["yes", "no", "later"] * 4))
        assert [wave.result() for wave in waves] == [None] * 4
    assert sorted(codes) == [200] * 11 + [201]
