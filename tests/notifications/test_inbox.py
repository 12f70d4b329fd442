"""Reading the inbox."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from neighbourly.accounts.models import Block
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.notifications.models import Delivery, Notification
from neighbourly.notifications.selectors import unread_of
from tests.databases import run_job

ITEM = {"id", "type", "title", "body", "data", "created_at", "read_at"}


@pytest.fixture
def read(as_):
    """`read(bob)`: the items of the inbox."""
    return lambda user, query="", **headers: as_(user).get(f"/v1/notifications{query}", headers=headers).json["items"]


def unread(user):
    return db.session.scalar(select(unread_of(user.id)))


def test_a_notification_holds_words_ids_and_a_link(read, ask, need, bob):
    """SEC-04: these keys and no others."""
    ask(need, bob)
    (item,) = read(bob)
    assert set(item) == ITEM
    assert item["type"] == "request_nearby"
    assert item["title"] == "Ana demande\u00a0: Une perceuse"
    assert item["body"].startswith("C'est à environ 300\u00a0m de chez vous.")
    link = f"http://127.0.0.1:8000/l/{need.id}"
    assert item["data"] == {"listing_id": str(need.id), "exchange_id": None, "conversation_id": None, "link": link}
    assert item["read_at"] is None


def test_the_words_come_in_the_language_of_the_request(read, ask, need, bob):
    ask(need, bob)
    (item,) = read(bob, **{"Accept-Language": "en"})
    assert item["title"] == "Ana asks: Une perceuse"


def test_the_words_follow_what_they_are_about(read, ask, need, bob):
    ask(need, bob)
    need.title = "Une visseuse"
    db.session.commit()
    assert "Une visseuse" in read(bob)[0]["title"]


@pytest.mark.parametrize("status", ["paused", "closed", "removed", "expired"])
def test_what_is_no_longer_shown_goes_from_the_inbox_and_comes_with_it_again(read, ask, need, bob, status):
    """BOK-09: no row leads nowhere, and none is counted."""
    ask(need, bob)
    need.status = status
    db.session.commit()
    assert (read(bob), unread(bob)) == ([], 0)
    need.status = "published"
    db.session.commit()
    assert (len(read(bob)), unread(bob)) == (1, 1)


def test_after_a_block_nothing_of_the_other_is_left(read, ask, need, ana, bob):
    ask(need, bob)
    db.session.add(Block(blocker_id=ana.id, blocked_id=bob.id))
    db.session.commit()
    assert (read(bob), unread(bob)) == ([], 0)


def test_who_had_answered_reads_what_has_ended(read, tell, need, bob):
    tell(need, bob, type_name="request_closed")
    need.status = "fulfilled"
    db.session.commit()
    assert read(bob)[0]["title"] == "Plus besoin\u00a0: Une perceuse"
    need.deleted_at = clock.now()
    db.session.commit()
    assert read(bob)[0]["title"] == "Une demande est close"


def test_one_reads_of_ones_own_listing_in_every_state(read, tell, need, ana):
    tell(need, ana, type_name="listing_expired", actor_id=None)
    need.status = "expired"
    db.session.commit()
    assert read(ana)[0]["title"] == "Annonce terminée\u00a0: Une perceuse"


def fill(user, need, count) -> list[str]:
    """So many notifications, all of one moment, so that only their ids order them; newest first."""
    rows = [
        Notification(id=new_id(), user_id=user.id, type="request_nearby", key=str(number), listing_id=need.id)
        for number in range(count)
    ]
    moment = clock.now()
    for row in rows:
        row.created_at = moment
    db.session.add_all(rows)
    db.session.commit()
    return sorted((str(row.id) for row in rows), reverse=True)


def test_pages_show_all_and_nothing_twice_while_rows_are_added(as_, need, bob):
    """REL-06: keyset cursors over a total order."""
    ids = fill(bob, need, 25)
    mine, found, cursor = as_(bob), [], ""
    while cursor is not None:
        page = mine.get(f"/v1/notifications?limit=10&cursor={cursor}" if cursor else "/v1/notifications?limit=10").json
        found += [item["id"] for item in page["items"]]
        cursor = page["next"]
        db.session.add(Notification(user_id=bob.id, type="request_nearby", key=f"late {len(found)}"))
        db.session.commit()
    assert found == ids


def test_a_page_takes_at_most_three_statements(as_, need, bob, statements):
    fill(bob, need, 30)
    mine = as_(bob)
    with statements() as seen:
        assert len(mine.get("/v1/notifications?limit=30").json["items"]) == 30
    assert len(seen) <= 3


def test_a_type_of_a_newer_version_is_left_out(read, tell, need, bob):
    tell(need, bob)
    db.session.add(Notification(user_id=bob.id, type="from_tomorrow", key="x"))
    db.session.commit()
    assert [item["type"] for item in read(bob)] == ["request_nearby"]


def test_the_inbox_is_ones_own(read, ask, need, ana, bob, cleo):
    ask(need, bob)
    assert read(cleo) == []
    assert len(read(bob)) == 1


@pytest.mark.parametrize("said", ["1", "yes", "t", "%20"])
def test_a_flag_is_true_false_or_bare(as_, bob, said):
    refused = as_(bob).get(f"/v1/notifications?unread={said}")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/unread")


def test_the_document_says_that_it_may_be_bare(client):
    parameters = client.get("/openapi.json").json["paths"]["/v1/notifications"]["get"]["parameters"]
    (unread,) = (each for each in parameters if each.get("name") == "unread")
    assert (unread["schema"]["type"], unread["schema"]["enum"]) == (["boolean", "string"], [True, False, ""])


@pytest.mark.parametrize("query", ["?unread", "?unread=true"])
def test_only_the_unread_can_be_asked_for(as_, read, tell, need, bob, query):
    tell(need, bob)
    tell(need, bob, type_name="request_closed")
    first = read(bob)[0]
    as_(bob).put(f"/v1/notifications/{first['id']}/read")
    assert [item["id"] for item in read(bob, query)] == [read(bob)[1]["id"]]
    assert len(read(bob, "?unread=false")) == 2


def test_reading_one_marks_it_and_the_first_reading_counts(as_, read, tell, need, bob):
    tell(need, bob)
    (item,) = read(bob)
    first = as_(bob).put(f"/v1/notifications/{item['id']}/read")
    again = as_(bob).put(f"/v1/notifications/{item['id']}/read")
    assert first.status_code == 200
    assert set(first.json) == ITEM
    assert first.json["read_at"] == again.json["read_at"] is not None
    assert unread(bob) == 0


def test_reading_all_leaves_nothing_unread(as_, tell, need, bob, cleo):
    tell(need, bob, cleo)
    tell(need, bob, type_name="request_closed")
    assert unread(bob) == 2
    assert as_(bob).put("/v1/notifications/read").status_code == 204
    assert (unread(bob), unread(cleo)) == (0, 1)


def test_anothers_notification_is_as_absent_as_none(as_, read, tell, need, bob, cleo):
    """SEC-03: the same answer for what is somebody else's and for what is not there."""
    tell(need, bob)
    theirs = as_(cleo).put(f"/v1/notifications/{read(bob)[0]['id']}/read")
    nobodys = as_(cleo).put(f"/v1/notifications/{new_id()}/read")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.data == nobodys.data
    assert unread(bob) == 1


@pytest.mark.parametrize("path", ["", "/read", "/0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6/read"])
def test_nobody_reads_without_signing_in(client, path):
    assert client.open(f"/v1/notifications{path}", method="PUT" if path else "GET").status_code == 401


def test_old_deliveries_and_very_old_notifications_are_forgotten(tell, need, bob, cleo, phone):
    phone(bob)
    phone(cleo)
    tell(need, bob, cleo)
    for row in db.session.scalars(select(Notification).where(Notification.user_id == cleo.id)):
        row.created_at -= timedelta(days=366)
    for row in db.session.scalars(select(Delivery)):
        row.state, row.created_at = "sent", row.created_at - timedelta(days=8)
    db.session.commit()
    run_job("notifications.forget_old")
    db.session.expire_all()
    assert db.session.scalars(select(Delivery)).all() == []
    assert [row.user_id for row in db.session.scalars(select(Notification))] == [bob.id]


def test_a_delivery_that_still_waits_is_not_forgotten(tell, need, bob, phone):
    phone(bob)
    tell(need, bob)
    db.session.scalars(select(Delivery)).one().created_at -= timedelta(days=8)
    db.session.commit()
    run_job("notifications.forget_old")
    assert db.session.scalars(select(Delivery.state)).all() == ["waiting"]
