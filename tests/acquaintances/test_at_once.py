"""SEC-27: first words at the same moment, on real connections."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from neighbourly.conversations.models import Conversation, Message
from tests.databases import count_of
from tests.factories.exchanges import propose
from tests.factories.listings import offer
from tests.people import ANA_CELL


@pytest.fixture
def app(committing_app):
    """An app whose transactions are real ones."""
    return committing_app


@pytest.fixture
def together(app):
    """`together(calls)`: how often these calls, made at the same moment, gave which status."""

    def run(calls):
        start = Barrier(len(calls))

        def call(each):
            start.wait(10)
            with app.app_context():
                return each()

        with ThreadPoolExecutor(len(calls)) as threads:
            return Counter(threads.map(call, calls))

    return run


def test_of_eight_first_words_to_one_person_three_arrive(as_, ana, bob, together):
    client, things = as_(bob), [offer(ana).id for _ in range(8)]
    asks = [
        lambda id=id: client.post("/v1/conversations", json={"listing_id": str(id), "body": "?"}).status_code
        for id in things
    ]
    assert together(asks) == {201: 3, 409: 5}
    assert (count_of(Message), count_of(Conversation)) == (3, 3), "what is refused leaves nothing"


def test_of_twelve_strangers_asked_at_once_ten_hear_it(as_, new_user, bob, together):
    client = as_(bob)
    things = [offer(new_user(f"N{number}", home=ANA_CELL)).id for number in range(12)]
    asks = [
        lambda id=id: client.post("/v1/conversations", json={"listing_id": str(id), "body": "?"}).status_code
        for id in things
    ]
    assert together(asks) == {201: 10, 409: 2}


def test_words_and_the_tap_that_answers_them_meet_without_a_deadlock(as_, ana, bob, together):
    wish = propose(bob, offer(ana), message="Bonjour")
    chat, his, hers = f"/v1/conversations/{wish.conversation_id}/messages", as_(bob), as_(ana)
    calls = [lambda: his.post(chat, json={"body": "Encore"}).status_code for _ in range(4)]
    calls += [lambda: hers.post(chat, json={"body": "Oui"}).status_code for _ in range(2)]
    calls += [lambda: hers.post(f"/v1/exchanges/{wish.id}/accept", json={}).status_code]
    got = together(calls)
    assert set(got) <= {200, 201, 409}
    assert got[200] == 1
    assert got[201] >= 4
