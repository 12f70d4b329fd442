"""What tests of asking share: a clock to move, minutes that pass, offers, needs, and who was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from neighbourly.accounts.models import User
from neighbourly.core import clock, events
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from neighbourly.matching import events as matching_events
from neighbourly.matching import jobs
from neighbourly.matching.models import Ask, Asked
from neighbourly.reactions import REACTIONS


@pytest.fixture
def pass_time(app: Flask, tmp_path: Path, run_jobs: Callable[[], list[str]]) -> Iterator[Callable[..., None]]:
    """`pass_time(minutes=10)`: that much later what was due is done."""
    clock.follow(tmp_path / "clock")

    def move(**by: float) -> None:
        clock.advance(timedelta(**by))
        with app.app_context():
            jobs.send_due_waves()
        db.session.expire_all()
        run_jobs()

    yield move
    clock.follow(None)


@pytest.fixture
def heard(app: Flask) -> Iterator[list[object]]:
    """Every event of matching, in the order in which it was published; the reactions run all the same."""
    seen: list[object] = []
    kinds = (matching_events.NeighboursAsked, matching_events.AskExhausted)
    events.wire({**REACTIONS, **{kind: [*REACTIONS.get(kind, ()), seen.append] for kind in kinds}})
    yield seen
    events.wire(REACTIONS)


@pytest.fixture
def offer(as_) -> Callable[..., str]:
    """`offer(bob, "Perceuse")`: the id of a published offer."""

    def publish(user: User, title: str, **more: object) -> str:
        answer = as_(user).post("/v1/listings", json={"title": title, "direction": "offer", **more})
        assert answer.status_code == 201, answer.json
        return str(answer.json["id"])

    return publish


@pytest.fixture
def ask(as_, run_jobs) -> Callable[..., str]:
    """`ask(ana, "Une perceuse")`: the id of a request whose first wave is out."""

    def publish(user: User, title: str = "Une perceuse", **more: object) -> str:
        answer = as_(user).post("/v1/listings", json={"title": title, **more})
        assert answer.status_code == 201, answer.json
        run_jobs()
        return str(answer.json["id"])

    return publish


@pytest.fixture
def tap(as_, run_jobs) -> Callable[..., None]:
    """`tap(bob, need, "yes")`: Bob answers."""

    def answer(user: User, need: str, choice: str) -> None:
        assert as_(user).post(f"/v1/listings/{need}/answers", json={"answer": choice}).status_code in (200, 201)
        run_jobs()

    return answer


@pytest.fixture
def waves(app: Flask) -> Callable[[str], list[set[str]]]:
    """`waves(need)`: the names of those who were asked, wave by wave."""

    def read(need: str) -> list[set[str]]:
        rows = db.session.execute(
            select(Asked.wave, User.display_name).join(User, User.id == Asked.user_id).where(Asked.listing_id == need)
        ).all()
        return [
            {name for each, name in rows if each == wave} for wave in range(1, max((w for w, _ in rows), default=0) + 1)
        ]

    return read


@pytest.fixture
def state(app: Flask) -> Callable[[str], str]:
    """`state(need)`: how its asking stands."""
    return lambda need: db.session.get_one(Ask, db.session.get_one(Listing, need).id, populate_existing=True).state
