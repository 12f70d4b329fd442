"""The main job, end to end: someone asks for a drill, the right phones hear of it in the right waves, one says yes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect

from neighbourly.accounts.models import User
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.matching import jobs as matching
from neighbourly.preferences import jobs as preferences
from neighbourly.territories.service import import_file
from tests import databases, people
from tests.journeys.toulouse import Builder, Resident, Toulouse, expected, is_likely, metres, step


@pytest.fixture(scope="module")
def built(module_app: Flask, toulouse: Path, shared_data: Path) -> Toulouse:
    """The 60 quarters and the 101 things, each with a neighbour; a night has passed since they all moved in."""
    assert len(import_file(path=toulouse).created) == 60
    db.session.commit()
    sign_in = partial(people.sign_in, module_app)
    made = Builder(sign_in, toulouse, shared_data / "la_county_tool_library.csv").build()
    assert len(made.neighbours) == 101
    with module_app.app_context():
        preferences.renew_radii()
    databases.run_jobs()
    return made


@pytest.fixture
def app(module_app: Flask, built: Toulouse) -> Iterator[Flask]:
    """What each test does to the town is undone after it."""
    with databases.apart(module_app):
        yield module_app


@pytest.fixture
def town(app: Flask, built: Toulouse) -> Toulouse:
    """The town, its people read anew."""
    for resident in (built.asker, *built.neighbours):
        (user_id,) = inspect(resident.user).identity
        resident.user = db.session.get_one(User, user_id)
    return built


@pytest.fixture
def pass_time(app: Flask, tmp_path: Path, run_jobs) -> Iterator[Callable[..., None]]:
    """`pass_time(minutes=10)`: that much later what was due is done."""
    clock.follow(tmp_path / "clock")

    def move(**by: float) -> None:
        clock.advance(timedelta(**by))
        with app.app_context():
            matching.send_due_waves()
        run_jobs()

    yield move
    clock.follow(None)


@pytest.fixture
def pushed(data_dir: Path) -> Callable[[], list[dict[str, Any]]]:
    """`pushed()`: what has been pushed since the last look."""
    file = data_dir / "push.jsonl"
    file.unlink(missing_ok=True)
    seen = 0

    def look() -> list[dict[str, Any]]:
        nonlocal seen
        lines = file.read_text().splitlines() if file.exists() else []
        new, seen = lines[seen:], len(lines)
        return [json.loads(line) for line in new]

    return look


def kinds(pushes: list[dict[str, Any]]) -> set[str]:
    return {each["message"]["data"]["type"] for each in pushes}


def phones(pushes: list[dict[str, Any]]) -> list[str]:
    assert all(each["token"] == f"token-of-{each['installation_id']}" for each in pushes)
    return sorted(each["installation_id"] for each in pushes)


def phones_of(residents: list[Resident]) -> list[str]:
    return sorted(phone for each in residents for phone in each.phones)


class Asking:
    """What happens to one need, against what should."""

    def __init__(self, as_, town: Toulouse, need: dict[str, Any], word: str, due: list[Resident]) -> None:
        self._as, self._town, self._need, self._word = as_, town, need, word
        self.left = due

    def was_asked(self, resident: Resident) -> bool:
        items = self._as(resident.user).get("/v1/me/asked").json["items"]
        return [each["listing"]["id"] for each in items] == [self._need["id"]]

    def wave(self, size: int, pushes: list[dict[str, Any]]) -> list[Resident]:
        """The wave is out: the best of those left were asked, and the phones that rang are theirs and no others.

        Three who are likely to have it are a wave of their own. Where the wave ends among neighbours who fit equally
        well, any of these may be in it.
        """
        asked = [each for each in self.left if self.was_asked(each)]
        likely = [each for each in self.left if is_likely(self._need, self._word, each)]
        chosen = likely if len(likely) >= 3 else self.left
        steps = [sorted(map(self._step, each), reverse=True) for each in (asked, chosen)]
        assert steps[0] == steps[1][:size]
        assert phones(pushes) == phones_of(asked)
        assert kinds(pushes) == {"request_nearby"}
        self.left = [each for each in self.left if each not in asked]
        return asked

    def _step(self, resident: Resident) -> int:
        return step(self._town, self._need, self._word, resident)


def test_the_right_phones_hear_of_it_in_the_right_waves(as_, town, pushed, pass_time, run_jobs):
    need = as_(town.asker.user).post("/v1/listings", json={"title": "Une perceuse"}).json
    assert (need["kind"], need["category"], need["guessed"]) == ("item", "power-drills", ["kind", "category"])
    right = expected(town, need, "perceuse")
    assert 35 < len(right) < len(town.neighbours) - 35
    asking = Asking(as_, town, need, "perceuse", right)
    run_jobs()
    size = 5
    while asking.left:
        asking.wave(size, pushed())
        pass_time(minutes=10)
        size *= 2
    news = pushed()
    assert (phones(news), kinds(news)) == (["aline-phone"], {"ask_exhausted"})
    assert how_it_stands(as_, town, need)["state"] == "exhausted"
    assert not any(asking.was_asked(each) for each in town.neighbours if each not in right)


def how_it_stands(as_, town: Toulouse, need: dict[str, Any]) -> dict[str, Any]:
    return as_(town.asker.user).get(f"/v1/listings/{need['id']}").json["asking"]


def leave_alone(as_, town: Toulouse, blocked: Resident, away: Resident, tired: Resident, asleep: Resident) -> None:
    """Four who would be the first: three are not to be asked, one not before a quarter of an hour is over."""
    as_(town.asker.user).put(f"/v1/me/blocks/{blocked.user.id}")
    now = clock.now()
    quiet = {"from": f"{now - timedelta(hours=1):%H:%M}", "to": f"{now + timedelta(minutes=15):%H:%M}"}
    for resident, wish in (
        (away, {"away_until": (now + timedelta(days=1)).isoformat()}),
        (tired, {"asks_per_week": 0}),
        (asleep, {"quiet_hours": quiet, "time_zone": "Etc/UTC"}),
    ):
        assert as_(resident.user).patch("/v1/me/preferences", json=wish).status_code == 200


def test_one_says_yes_and_the_asker_sees_who_and_how_far(as_, town, pushed, pass_time, run_jobs):
    """LOC-01, FCM-05: a name and a distance, and nothing else about the place."""
    need = as_(town.asker.user).post("/v1/listings", json={"title": "A drill"}).json
    blocked, away, tired, asleep, *others = expected(town, need, "drill")
    leave_alone(as_, town, blocked, away, tired, asleep)
    asking = Asking(as_, town, need, "drill", others)
    run_jobs()
    helper = next(each for each in asking.wave(5, pushed()) if each.phones)
    says_yes(as_, town, need, helper, pushed, run_jobs)
    pass_time(minutes=10)
    asking.wave(10, pushed())
    asking.left.append(asleep)
    pass_time(minutes=10)
    assert asleep in asking.wave(20, pushed())
    it_is_met(as_, town, need, helper, pushed, pass_time)
    assert not any(asking.was_asked(each) for each in (blocked, away, tired, *asking.left))


def says_yes(as_, town: Toulouse, need: dict[str, Any], helper: Resident, pushed, run_jobs) -> None:
    answer = as_(helper.user).post(f"/v1/listings/{need['id']}/answers", json={"answer": "yes"})
    assert answer.status_code == 201
    run_jobs()
    news = pushed()
    assert (phones(news), kinds(news)) == (["aline-phone"], {"answer_received"})
    heard, read = json.dumps(news), as_(town.asker.user).get(f"/v1/listings/{need['id']}/answers")
    (item,) = read.json["items"]
    assert item["neighbour"] == {"id": str(helper.user.id), "display_name": helper.user.display_name, "photo": None}
    assert item["distance_m"] == round(metres(town.asker, helper))
    assert item["listing"] is None
    for secret in (helper.cell, helper.quarter, str(helper.centre["lat"]), str(helper.centre["lon"]), "De-LAC"):
        assert secret not in heard
        assert secret not in read.text.replace(helper.user.display_name, "")
    asking = how_it_stands(as_, town, need)
    assert (asking["state"], asking["asked"], asking["yes"]) == ("asking", 5, 1)


def it_is_met(as_, town: Toulouse, need: dict[str, Any], helper: Resident, pushed, pass_time) -> None:
    """Whoever said yes hears that it is over, and nobody is asked any more."""
    as_(town.asker.user).post(f"/v1/listings/{need['id']}/fulfil", json={"how": "elsewhere"})
    pass_time(minutes=10)
    news = pushed()
    assert (phones(news), kinds(news)) == (phones_of([helper]), {"request_closed"})
    assert how_it_stands(as_, town, need)["state"] == "stopped"
