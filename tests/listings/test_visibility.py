"""Who sees which listing: the one home of visibility."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from neighbourly.accounts.models import Block, User
from neighbourly.core.db import db
from neighbourly.core.errors import NotFound
from neighbourly.listings.models import STATUSES, Listing
from neighbourly.listings.selectors import get_listing, visible
from tests.factories.listings import ask


def seen_by(user):
    shown = select(Listing).join(User, User.id == Listing.owner_id).where(*visible(user.id))
    return set(db.session.scalars(shown))


def sees(user, listing):
    try:
        return get_listing(listing.id, user.id) is listing
    except NotFound:
        return False


@pytest.mark.parametrize("status", STATUSES)
def test_others_see_only_what_is_published(ana, bob, status):
    listing = ask(ana)
    listing.status = status
    db.session.flush()
    assert (listing in seen_by(bob)) == sees(bob, listing) == (status == "published")
    assert sees(ana, listing)


@pytest.mark.parametrize("state", ["active", "suspended", "erased"])
def test_nothing_is_seen_of_people_who_are_not_active(ana, bob, state):
    listing = ask(ana)
    ana.state = state
    db.session.flush()
    assert (listing in seen_by(bob)) == sees(bob, listing) == (state == "active")


@pytest.mark.parametrize("blocker", ["ana", "bob"])
def test_a_block_hides_both_ways(ana, bob, cleo, blocker):
    of_ana, of_bob = ask(ana), ask(bob)
    pair = (ana.id, bob.id) if blocker == "ana" else (bob.id, ana.id)
    db.session.add(Block(blocker_id=pair[0], blocked_id=pair[1]))
    db.session.flush()
    assert seen_by(ana) == {of_ana}
    assert seen_by(bob) == {of_bob}
    assert seen_by(cleo) == {of_ana, of_bob}
    assert not sees(ana, of_bob)
    assert not sees(bob, of_ana)


def test_the_lock_finds_what_the_eye_finds(ana, bob):
    shown, draft = ask(ana), ask(ana, status="draft")
    assert get_listing(shown.id, bob.id, lock=True) is shown
    assert get_listing(draft.id, ana.id, lock=True) is draft
    with pytest.raises(NotFound):
        get_listing(draft.id, bob.id, lock=True)
