"""Blocks: by anyone, against anyone but oneself, without the other being told."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from neighbourly.accounts.events import PersonBlocked
from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import unblocked
from neighbourly.core import events
from neighbourly.core.db import db


def seen_by(viewer) -> set[str]:
    """The names that a selector with visibility built in would show."""
    return set(db.session.scalars(select(User.display_name).where(unblocked(viewer.id, User.id))))


def test_a_block_works_both_ways(as_, ana, bob, cleo):
    assert as_(ana).put(f"/v1/me/blocks/{bob.id}").status_code == 204
    assert "Bob B." not in seen_by(ana)
    assert "Ana A." not in seen_by(bob)
    assert seen_by(cleo) >= {"Ana A.", "Bob B."}


def test_only_the_blocker_sees_the_block(as_, ana, bob):
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    (listed,) = as_(ana).get("/v1/me/blocks").json["items"]
    assert (listed["id"], set(listed)) == (str(bob.id), {"id", "display_name", "created_at"})
    assert as_(bob).get("/v1/me/blocks").json == {"items": [], "next": None}


def test_a_second_time_changes_nothing_and_is_told_once(as_, ana, bob, monkeypatch):
    told = []
    monkeypatch.setattr(events, "_reactions", {PersonBlocked: [told.append]})
    for _ in range(2):
        assert as_(ana).put(f"/v1/me/blocks/{bob.id}").status_code == 204
    assert [(each.blocker_id, each.blocked_id) for each in told] == [(ana.id, bob.id)]


def test_lifting_ones_own_block_leaves_the_others(as_, ana, bob):
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    as_(bob).put(f"/v1/me/blocks/{ana.id}")
    assert as_(ana).delete(f"/v1/me/blocks/{bob.id}").status_code == 204
    assert "Bob B." not in seen_by(ana)
    as_(bob).delete(f"/v1/me/blocks/{ana.id}")
    assert "Bob B." in seen_by(ana)


def test_nobody_blocks_themselves(as_, ana):
    refused = as_(ana).put(f"/v1/me/blocks/{ana.id}")
    assert (refused.status_code, refused.json["code"]) == (409, "not_yourself")


def test_nobody_blocks_someone_who_does_not_exist(as_, ana, bob):
    """SEC-03: an erased account and none at all are one answer."""
    bob.state = "erased"
    db.session.commit()
    erased, nobody = (as_(ana).put(f"/v1/me/blocks/{each}") for each in (bob.id, uuid4()))
    assert (erased.status_code, erased.data) == (nobody.status_code, nobody.data) == (404, nobody.data)
