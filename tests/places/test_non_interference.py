"""LOC-01: two homes in one cell give the same world.

Two worlds are built that differ in nothing but where within a cell someone's homes are. Every row that is stored, every
push that is sent, and every answer that others get to random requests is the same in both, byte for byte; clock and ids
are held still, so that nothing need be left out of the comparison.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import h3
import pytest
import time_machine
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from neighbourly import worker  # noqa: F401  # declares the jobs
from neighbourly.core import cells, clock, ids
from neighbourly.core.cells import DISTRICT, STREET, TOWN
from neighbourly.core.db import Base, db
from tests import draws, people

TITLES = ("Une perceuse", "Aide pour un déménagement", "Cours de guitare", "Zzz qqq", "A ladder for the weekend")
FINER = 13
"""A home is drawn among the 2,401 cells of this resolution within its cell: some eight metres across."""


@dataclass
class Cast:
    """Who is there: the owner, whose home is drawn, and those who look."""

    owner: people.Client
    near: people.Client
    far: people.Client
    nobody: Any
    near_id: str


@dataclass(frozen=True)
class World:
    """All that can be seen of one."""

    answers: list[Any]
    stored: dict[str, list[str]]
    pushed: str


@pytest.fixture
def cast(app, city, as_, new_user, client) -> Cast:
    near, far = new_user("Nour N.", home=people.BOB_CELL), new_user("Fanch F.", home=people.FAR_CELL)
    phone = {"fcm_token": "token-of-nour", "platform": "android"}
    assert as_(near).put("/v1/me/devices/nour", json=phone).status_code in (200, 201)
    as_(near).post("/v1/listings", json={"title": "Une perceuse", "direction": "offer"})
    return Cast(as_(new_user("Olga O.")), as_(near), as_(far), client, str(near.id))


@pytest.fixture
def build(app, cast, data_dir, run_jobs, monkeypatch):
    """`build(points, deeds, looks)`: all that can be seen of a world in which the owner's homes are these points."""
    moment = clock.now().replace(microsecond=0)
    pushed = data_dir / "push.jsonl"

    def world(points, deeds, looks):
        seeded = random.Random(7)
        monkeypatch.setattr(ids, "secrets", SimpleNamespace(randbits=seeded.getrandbits))
        pushed.unlink(missing_ok=True)
        with put_back(), time_machine.travel(moment, tick=False):
            answers = [answered(act(cast, deed, next(points))) for deed in deeds]
            run_jobs()
            answers += [answered(look(cast, asked)) for asked in looks]
            return World(answers, everything_stored(), pushed.read_text() if pushed.exists() else "")

    return world


@contextmanager
def put_back() -> Iterator[None]:
    """Undo everything at the end, within the transaction that every test has."""
    db.session.remove()
    savepoint = db.engine.begin_nested()
    try:
        yield
    finally:
        db.session.remove()
        savepoint.rollback()


def act(cast: Cast, deed: tuple[str, Any], point: dict[str, Any]) -> Any:
    """Something that the owner does; what is seen is told by others, the owner's own answer included."""
    kind, detail = deed
    if kind == "live":
        return cast.owner.put("/v1/me/home", json=point | ({"precision": detail} if detail else {}))
    if kind == "snap":
        return cast.nobody.post("/v1/cells", json=point)
    if kind == "leave":
        return cast.owner.delete("/v1/me/home")
    return cast.owner.post("/v1/listings", json=detail)


def look(cast: Cast, asked: tuple[str, str, dict[str, Any]]) -> Any:
    """A request of somebody else's; `{listing}` is the first of the owner's, if there is one."""
    who, path, query = asked
    if "{listing}" in path:
        mine = cast.owner.get("/v1/me/listings").json["items"]
        path = path.format(listing=mine[0]["id"] if mine else cast.near_id)
    return getattr(cast, who).get(path, query_string=query)


def answered(response: Any) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Status, body and headers."""
    return response.status_code, response.data, sorted(response.headers.items())


def everything_stored() -> dict[str, list[str]]:
    """All rows of all tables of ours."""
    return {
        table.name: sorted(map(repr, db.session.execute(select(table)).all())) for table in Base.metadata.sorted_tables
    }


def differences(here: World, there: World) -> list[tuple[Any, Any]]:
    """What is not the same in two worlds: answers, rows, pushes."""
    pairs = [*zip(here.answers, there.answers, strict=True), (here.pushed, there.pushed)]
    pairs += [(rows, there.stored[name]) for name, rows in here.stored.items()]
    return [(one, other) for one, other in pairs if one != other]


deeds = st.one_of(
    st.tuples(st.just("live"), st.sampled_from(("street", "district", "town", None, None))),
    st.tuples(st.just("snap"), st.none()),
    st.tuples(st.just("leave"), st.none()),
    st.tuples(
        st.just("offer"),
        st.fixed_dictionaries(
            {"title": st.sampled_from(TITLES), "direction": st.sampled_from(("offer", "request"))},
        ),
    ),
)
nearby = st.sampled_from(sorted(cells.rings(people.ANA_CELL, 12)))
places = st.builds(cells.coarsen, nearby, st.sampled_from((STREET, STREET, DISTRICT, TOWN, 5)))
searches = st.fixed_dictionaries(
    {"near": places},
    optional={
        "radius_m": st.integers(100, 50_000),
        "sort": st.sampled_from(("distance", "recent", "relevance")),
        "limit": st.integers(1, 5),
        "q": st.sampled_from(("perceuse", "guitare", "ladder")),
        "direction": st.sampled_from(("offer", "request")),
    },
)
members = st.sampled_from(("near", "far"))
looks = st.one_of(
    st.tuples(members, st.just("/v1/listings"), searches),
    st.tuples(members, st.just("/v1/listings/{listing}"), st.just({})),
    st.tuples(members, st.just("/v1/listings/{listing}/matches"), st.just({})),
    st.tuples(members, st.just("/v1/listings/{listing}/answers"), st.just({})),
    st.tuples(members, st.sampled_from(("/v1/notifications", "/v1/me/asked", "/v1/me/preferences")), st.just({})),
    st.tuples(st.sampled_from(("near", "nobody")), st.just("/v1/neighbourhoods"), st.builds(dict, near=places)),
)


@st.composite
def twins(draw: Any, cell: str) -> tuple[dict[str, float], dict[str, float]]:
    """Two points of one cell."""
    return draw(point_in(cell)), draw(point_in(cell))


@st.composite
def point_in(draw: Any, cell: str) -> dict[str, float]:
    """A point that belongs to the cell; cells nest by number and not in shape, so some of the finer lie outside."""
    position = draw(st.integers(0, h3.cell_to_children_size(cell, FINER) - 1))
    lat, lon = h3.cell_to_latlng(h3.child_pos_to_cell(cell, FINER, position))
    assume(cells.snap(lat, lon) == cell)
    return {"lat": lat, "lon": lon}


@pytest.mark.parametrize("finest", [STREET, DISTRICT, TOWN, None])
@settings(
    max_examples=draws.examples(12),
    phases=(Phase.explicit, Phase.generate),  # two worlds take a third of a second: shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_where_in_the_cell_a_home_is_changes_nothing(build, city, outside, finest, data):
    """LOC-01, LOC-04"""
    homes = data.draw(st.lists(st.sampled_from([outside] if finest is None else city[finest]), min_size=1, max_size=2))
    drawn = [("live", None), *data.draw(st.lists(deeds, min_size=2, max_size=5))]
    pairs = [data.draw(twins(data.draw(st.sampled_from(homes)))) for _ in drawn]
    asked = data.draw(st.lists(looks, min_size=4, max_size=8))
    here, there = (build(iter([pair[side] for pair in pairs]), drawn, asked) for side in (0, 1))
    assert differences(here, there) == []


def test_the_comparison_would_show_another_cell(build, city):
    """A test of the tests."""
    one, other = ({"cell": cell} for cell in city[STREET][:2])
    drawn = [("live", None), ("offer", {"title": "Une perceuse", "direction": "offer"})]
    asked = [("near", "/v1/listings", {"near": people.ANA_CELL, "radius_m": 50_000})]
    here, there, again = (build(iter([home, home]), drawn, asked) for home in (one, other, one))
    assert here.answers[-1] != there.answers[-1]
    assert here.stored != there.stored
    assert differences(here, again) == []
