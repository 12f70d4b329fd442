"""The state table of listings, cell by cell."""

from __future__ import annotations

import pytest

from neighbourly.listings.errors import ActionNotAllowed
from neighbourly.listings.lifecycle import Action, after, allowed_actions
from neighbourly.listings.models import STATUSES, Listing

NO, OFF = None, "removed"
TABLE = {
    #            edit         publish      pause     resume       close     fulfil       renew        expire     remove
    "draft":     ("draft",    "published", NO,       NO,          NO,       NO,          NO,          NO,        NO),
    "published": ("published", NO,         "paused", NO,          "closed", "fulfilled", "published", "expired", OFF),
    "paused":    ("paused",   NO,          NO,       "published", "closed", NO,          NO,          "expired", OFF),
    "closed":    (NO,         NO,          NO,       NO,          NO,       NO,          NO,          NO,        NO),
    "fulfilled": (NO,         NO,          NO,       NO,          NO,       NO,          NO,          NO,        NO),
    "expired":   ("expired",  NO,          NO,       NO,          "closed", NO,          "published", NO,        OFF),
    "removed":   (NO,         NO,          NO,       NO,          NO,       NO,          NO,          NO,        NO),
}  # fmt: skip
CELLS = [(status, action, to) for status, row in TABLE.items() for action, to in zip(Action, row, strict=True)]


def test_the_table_has_every_state():
    assert tuple(TABLE) == STATUSES


@pytest.mark.parametrize(("status", "action", "to"), CELLS)
def test_a_request_moves_as_the_table_says(status, action, to):
    """SEC-23: states move only as their table says."""
    assert after(status, "request", action) == to


@pytest.mark.parametrize(("status", "action", "to"), CELLS)
def test_an_offer_moves_in_the_same_way_but_is_never_fulfilled(status, action, to):
    """SEC-23: only a need can be fulfilled."""
    assert after(status, "offer", action) == (NO if action is Action.FULFIL else to)


@pytest.mark.parametrize("status", STATUSES)
def test_owners_neither_expire_nor_remove_a_listing(status):
    assert not {Action.EXPIRE, Action.REMOVE} & set(allowed_actions(status, "request"))


def test_a_refused_move_leaves_the_state_and_names_what_is_allowed():
    listing = Listing(status="paused", direction="request")
    with pytest.raises(ActionNotAllowed) as refused:
        listing.move(Action.FULFIL)
    assert listing.status == "paused"
    assert refused.value.extra == {"allowed_actions": ["edit", "resume", "close"]}
