"""Two taps on one button at the same moment, on real connections."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import text

from neighbourly.answers.models import Answer
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.listings.models import Listing
from neighbourly.matching.models import Ask
from tests import people
from tests.databases import count_of

AT_ONCE = 6


@pytest.fixture
def app(committing_app: Flask) -> Flask:
    """An app whose transactions are real ones."""
    return committing_app


@pytest.fixture
def at_once(app) -> Callable[..., list[int]]:
    """`at_once(client, "/v1/listings", {…}, {…})`: the statuses of as many calls as there are bodies, sent together."""

    def send(client: people.Client, path: str, *bodies: dict[str, object]) -> list[int]:
        together = Barrier(len(bodies))

        def call(body: dict[str, object]) -> int:
            together.wait(10)
            with app.app_context():
                return client.post(path, json=body).status_code

        with ThreadPoolExecutor(len(bodies)) as threads:
            return sorted(threads.map(call, bodies))

    return send


def waves_deferred() -> int:
    return db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'matching.send_wave'"))


def test_a_draft_published_twice_at_once_is_published_once(as_, ana, at_once):
    """TST-05: and asked around for once."""
    mine = as_(ana)
    draft = mine.post("/v1/listings", json={"title": "Une perceuse", "status": "draft"}).json["id"]
    answers = at_once(mine, f"/v1/listings/{draft}/publish", *[{}] * AT_ONCE)
    assert answers == [200] + [409] * (AT_ONCE - 1)
    assert (count_of(Ask), waves_deferred()) == (1, 1)


def test_one_id_sent_by_many_tries_at_once_is_one_listing(as_, ana, at_once):
    """TST-05, REL-07: each gets the listing, or is told to try again."""
    body = {"id": str(new_id()), "title": "Une perceuse"}
    mine = as_(ana)
    answers = at_once(mine, "/v1/listings", *[body] * AT_ONCE)
    assert answers.count(201) == 1
    assert set(answers) <= {200, 201, 409}
    assert (count_of(Listing), waves_deferred()) == (1, 1)
    assert mine.post("/v1/listings", json=body).status_code == 200


def test_answers_of_one_person_at_the_same_moment_are_one(as_, ana, bob, at_once):
    """TST-05: the last tap counts; it takes the place of the others."""
    need = as_(ana).post("/v1/listings", json={"title": "Une perceuse"}).json["id"]
    words = [{"answer": word} for word in ("yes", "later", "no") * 2]
    assert at_once(as_(bob), f"/v1/listings/{need}/answers", *words) == [200] * 5 + [201]
    assert count_of(Answer) == 1


def test_an_answer_and_the_end_of_the_need_meet(as_, ana, bob, app):
    """TST-05: who was in time is told of the end, who was too late finds nothing."""
    need = as_(ana).post("/v1/listings", json={"title": "Une perceuse"}).json["id"]
    asker, helper, together = as_(ana), as_(bob), Barrier(2)

    def call(client: people.Client, path: str, body: dict[str, str]) -> int:
        together.wait(10)
        with app.app_context():
            return client.post(f"/v1/listings/{need}/{path}", json=body).status_code

    with ThreadPoolExecutor(2) as threads:
        ended = threads.submit(call, asker, "fulfil", {"how": "elsewhere"})
        answered = threads.submit(call, helper, "answers", {"answer": "yes"})
        assert ended.result(20) == 200
        assert answered.result(20) in (201, 404)
    told = {each["type"] for each in helper.get("/v1/notifications").json["items"]}
    assert told == ({"request_closed"} if answered.result() == 201 else set())
