"""Searches saved at the same moment, on real connections."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.preferences.models import SavedSearch
from neighbourly.preferences.service.searching import MOST_SEARCHES
from tests.databases import count_of

AT_ONCE = 6
BIKE = {"q": "un vélo cargo"}


@pytest.fixture
def app(committing_app: Flask) -> Flask:
    """An app whose transactions are real ones."""
    return committing_app


@pytest.fixture
def saved_at_once(app, as_, ana):
    """`saved_at_once(body, body)`: the statuses of as many calls of Ana's, sent together."""
    mine = as_(ana)

    def send(*bodies: dict[str, str]) -> list[int]:
        together = Barrier(len(bodies))

        def call(body: dict[str, str]) -> int:
            together.wait(10)
            with app.app_context():
                return mine.post("/v1/me/searches", json=body).status_code

        with ThreadPoolExecutor(len(bodies)) as threads:
            return sorted(threads.map(call, bodies))

    return send


def test_one_id_sent_by_many_tries_at_once_is_one_search(saved_at_once):
    """TST-05, REL-07: the first saves it, to the others it is the same."""
    body = {"id": str(new_id()), **BIKE}
    assert saved_at_once(*[body] * AT_ONCE) == [200] * (AT_ONCE - 1) + [201]
    assert count_of(SavedSearch) == 1


def test_the_same_words_sent_by_many_taps_at_once_are_one_search(saved_at_once):
    """TST-05, REL-07: without an id of their own too."""
    assert saved_at_once(*[BIKE] * AT_ONCE) == [200] * (AT_ONCE - 1) + [201]
    assert count_of(SavedSearch) == 1


def test_twenty_are_enough_however_they_come(saved_at_once, ana):
    """TST-05: of many at once only so many are saved as there is room for."""
    db.session.add_all(SavedSearch(user_id=ana.id, q=f"chose {number}") for number in range(MOST_SEARCHES - 2))
    db.session.commit()
    assert saved_at_once(*({"q": f"vélo {number}"} for number in range(AT_ONCE))) == [201] * 2 + [409] * (AT_ONCE - 2)
    assert count_of(SavedSearch) == MOST_SEARCHES
