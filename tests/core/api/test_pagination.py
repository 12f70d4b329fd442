"""REL-06: pages by keyset, while rows come and go."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Uuid, delete, insert, select

from neighbourly.core.api.pagination import Key, decode, encode, moment, page, uuid
from neighbourly.core.db import db
from neighbourly.core.errors import InvalidInput
from neighbourly.core.ids import new_id
from tests import draws

ROWS = Table("paged", MetaData(), Column("id", Uuid), Column("at", DateTime(timezone=True)), Column("rank", Integer))
START = datetime(2026, 11, 22, tzinfo=UTC)
ORDERS = {
    "newest first": (Key("at", ROWS.c.at, moment, descending=True), Key("id", ROWS.c.id, uuid)),
    "by rank, then newest": (
        Key("rank", ROWS.c.rank, int),
        Key("at", ROWS.c.at, moment, descending=True),
        Key("id", ROWS.c.id, uuid, descending=True),
    ),
}


@pytest.fixture
def table(app):
    ROWS.metadata.create_all(db.session.connection())


def add(count: int, dice: random.Random) -> None:
    """Rows with many ties."""
    rows = [
        {"id": new_id(), "at": START + timedelta(seconds=dice.randrange(5)), "rank": dice.randrange(3)}
        for _ in range(count)
    ]
    db.session.execute(insert(ROWS), rows)


def ids() -> list[UUID]:
    return list(db.session.scalars(select(ROWS.c.id)))


def walk(keys, limit, between=lambda: None) -> list[UUID]:
    """All pages, with something happening between them."""
    found, cursor = [], None
    while True:
        rows, cursor = page(select(ROWS), keys, limit=limit, cursor=cursor)
        found += [row["id"] for row in rows]
        if cursor is None:
            return found
        between()


@pytest.mark.parametrize("keys", ORDERS.values(), ids=ORDERS.keys())
@pytest.mark.parametrize("limit", [1, 3, 20, 100])
def test_pages_hold_each_row_once_in_order(table, keys, limit):
    add(37, random.Random(1))
    whole = list(db.session.scalars(select(ROWS.c.id).order_by(*(key.order() for key in keys))))
    assert walk(keys, limit) == whole


@pytest.mark.parametrize("keys", ORDERS.values(), ids=ORDERS.keys())
@settings(max_examples=draws.examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), limit=st.integers(1, 9))
def test_nothing_twice_and_nothing_lost_while_rows_come_and_go(table, keys, seed, limit):
    """REL-06: what was there from first to last is seen exactly once, whatever else is inserted or deleted."""
    db.session.execute(delete(ROWS))
    dice = random.Random(seed)
    add(30, dice)
    stable = set(dice.sample(ids(), 15))

    def disturb() -> None:
        add(dice.randrange(1, 3), dice)
        passing = [each for each in ids() if each not in stable]
        if passing:
            db.session.execute(delete(ROWS).where(ROWS.c.id == dice.choice(passing)))

    found = walk(keys, limit, disturb)
    assert len(found) == len(set(found))
    assert stable <= set(found)


def test_the_last_full_page_has_no_next(table):
    add(4, random.Random(2))
    keys = ORDERS["newest first"]
    _, cursor = page(select(ROWS), keys, limit=2, cursor=None)
    rows, after = page(select(ROWS), keys, limit=2, cursor=cursor)
    assert (len(rows), after) == (2, None)


def test_a_page_is_one_statement(table, statements):
    add(5, random.Random(3))
    with statements() as sent:
        page(select(ROWS), ORDERS["newest first"], limit=2, cursor=None)
    assert len(sent) == 1


def test_a_cursor_is_text_for_a_url():
    cursor = encode([START, UUID(int=1)])
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert decode(cursor, ORDERS["newest first"]) == [START, UUID(int=1)]


BAD = {
    "nothing": "",
    "no base64": "%%%",
    "not ASCII": "é",
    "no JSON": base64.urlsafe_b64encode(b"{").decode(),
    "no list": base64.urlsafe_b64encode(b"7").decode(),
    "too few": base64.urlsafe_b64encode(b'["2026-11-22T00:00:00Z"]').decode(),
    "too many": base64.urlsafe_b64encode(b'["2026-11-22T00:00:00Z", 1, 2]').decode(),
    "no time": base64.urlsafe_b64encode(b'["x", "0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6"]').decode(),
    "null": base64.urlsafe_b64encode(b"[null, null]").decode(),
    "nested": base64.urlsafe_b64encode(b'[["x"], {"a": 1}]').decode(),
    "numbers": base64.urlsafe_b64encode(orjson.dumps([1, 2])).decode(),
    "deep": base64.urlsafe_b64encode(b"[" * 300).decode(),
    "long": "A" * 499,
}


@pytest.mark.parametrize("cursor", BAD.values(), ids=BAD.keys())
def test_a_cursor_that_is_not_ours_is_said_to_be_so(cursor):
    """SEC-16."""
    with pytest.raises(InvalidInput) as refused:
        decode(cursor, ORDERS["newest first"])
    assert [(each.pointer, each.code) for each in refused.value.faults] == [("/cursor", "bad_cursor")]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=1000000000", "/limit"),
        ("limit=-1", "/limit"),
        ("limit=many", "/limit"),
        ("limit=1e3", "/limit"),
        ("limit=" + "9" * 5000, "/limit"),
        ("limit=NaN", "/limit"),
        ("cursor=" + "A" * 501, "/cursor"),
        ("cursor=x", "/cursor"),
        ("page=2", "/page"),
        ("limit=1%00", ""),
    ],
)
def test_a_page_has_a_ceiling(as_, ana, query, pointer):
    """SEC-16: `limit=10**9` is 422, and names the field."""
    refused = as_(ana).get(f"/v1/me/sessions?{query}")
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]
