"""BOK-12: what an open exchange rests on cannot be edited away; what may change, and matters, is told."""

from __future__ import annotations

import pytest

from neighbourly.core.db import db
from neighbourly.exchanges import service
from neighbourly.listings.models import Listing
from tests.factories.exchanges import agree, bring_back, dispute, lend, propose
from tests.factories.listings import actor, ask, offer

TOLD = "listing_edited"


def cancel(user, listing):
    """Agreed, and cancelled by who would have had it."""
    exchange = agree(user, listing)
    service.cancel_exchange(actor=actor(user), exchange_id=exchange.id)
    db.session.commit()
    return exchange


def finish(user, listing):
    """A help that is done, and waits to be confirmed."""
    exchange = agree(user, listing)
    service.finish_help(actor=actor(user), exchange_id=exchange.id)
    db.session.commit()
    return exchange


THINGS = {
    "proposed": propose,
    "accepted": agree,
    "handed_over": lend,
    "disputed": dispute,
    "returned": bring_back,
    "cancelled": cancel,
}
HELPS = {"proposed": propose, "accepted": agree, "done": finish, "cancelled": cancel}
AGREED = frozenset({"accepted", "handed_over", "disputed", "done"})
NO_ITEM = {"category": None, "terms": None, "max_loan_days": None}
REFUSED_OF_THINGS = {
    "kind": {"kind": "skill", **NO_ITEM},
    "terms": {"terms": "give"},
    "max_loan_days": {"max_loan_days": 1},
}
FREE_OF_THINGS = {
    "a shorter loan that suffices": {"max_loan_days": 3},
    "fewer copies": {"quantity": 1},
    "title in other capitals": {"title": "PERCEUSE à percussion !"},
    "code": {"requires_code": True},
    "hours": {"availability": [{"weekday": 1, "from": "09:00", "to": "10:00"}]},
    "rest": {"pause_minutes": 60},
}
READ = {
    "title": {"title": "Marteau-piqueur"},
    "description": {"description": "Rapportez-le avec le plein d'essence."},
}


@pytest.fixture
def drills(ana) -> Listing:
    """Ana lends three, for ten days at most."""
    return offer(ana, quantity=3, max_loan_days=10)


@pytest.mark.parametrize("field", REFUSED_OF_THINGS)
@pytest.mark.parametrize("state", THINGS)
def test_what_a_loan_rests_on_stays_while_it_is_open(as_, ana, bob, drills, news, state, field):
    """BOK-12: 409 with the exchange and the field; what is only proposed, or over, refuses nothing."""
    exchange = THINGS[state](bob, drills)
    before = news(bob)
    answer = as_(ana).patch(f"/v1/listings/{drills.id}", json=REFUSED_OF_THINGS[field])
    if state in AGREED:
        assert (answer.status_code, answer.json["code"]) == (409, "exchange_open")
        assert answer.json["exchange_id"] == str(exchange.id)
        assert [each["pointer"] for each in answer.json["errors"]] == [f"/{field}"]
        assert as_(ana).get(f"/v1/listings/{drills.id}").json[field] == getattr(drills, field)
    else:
        assert answer.status_code == 200, answer.json
    heard = state == "proposed" and field != "max_loan_days"
    assert news(bob) == [*before, *([TOLD] if heard else [])]


@pytest.mark.parametrize("edit", FREE_OF_THINGS)
@pytest.mark.parametrize("state", THINGS)
def test_what_changes_nothing_for_the_other_side_is_nobodys_news(as_, ana, bob, drills, news, state, edit):
    """BOK-12."""
    THINGS[state](bob, drills)
    before = news(bob)
    assert as_(ana).patch(f"/v1/listings/{drills.id}", json=FREE_OF_THINGS[edit]).status_code == 200
    assert news(bob) == before


@pytest.mark.parametrize("edit", READ)
@pytest.mark.parametrize("state", THINGS)
def test_what_the_other_side_read_may_change_and_is_told_once(as_, ana, bob, drills, news, latest, state, edit):
    """BOK-12: again once it was read; a proposal is said to be of before."""
    THINGS[state](bob, drills)
    before = news(bob)
    owner, path = as_(ana), f"/v1/listings/{drills.id}"
    for change in (READ[edit], {"description": "Et sans les forets."}):
        assert owner.patch(path, json=change).status_code == 200
    is_open = state in AGREED | {"proposed"}
    assert news(bob) == [*before, *([TOLD] if is_open else [])]
    if is_open:
        words = "was made before" if state == "proposed" else "what is agreed stands"
        assert words in latest(bob)
        assert "Perceuse à percussion" in latest(bob)
        as_(bob).put("/v1/notifications/read")
        owner.patch(path, json={"description": "Avec les forets, finalement."})
        assert news(bob) == [*before, TOLD, TOLD]


@pytest.mark.parametrize("state", HELPS)
def test_what_a_help_rests_on_stays_while_it_is_open(as_, ana, bob, new_user, state):
    """BOK-12: of an offer, and of the need that is its own subject."""
    for owner, listing in ((ana, offer(ana, "Je jardine", kind="time")), (bob, ask(bob, "Jardiner", kind="time"))):
        helped = new_user("Dora D.") if owner is ana else new_user("Emil E.")
        exchange = HELPS[state](helped, listing)
        answer = as_(owner).patch(f"/v1/listings/{listing.id}", json={"kind": "item", "category": None})
        expected = (409, str(exchange.id)) if state in AGREED else (200, None)
        assert (answer.status_code, answer.json.get("exchange_id")) == expected


def test_the_need_that_a_thing_meets_stays_what_it_was(as_, ana, bob, news):
    """BOK-12: the other direction; its times may move, and the lender hears."""
    need = ask(bob, "Une perceuse", kind="item", category="power-drills")
    said = as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes"}).json
    chosen = as_(bob).post("/v1/exchanges", json={"answer_id": said["id"]})
    assert chosen.json["state"] == "accepted"
    owner, path = as_(bob), f"/v1/listings/{need.id}"
    for change in ({"terms": "give"}, {"kind": "time", "category": None, "terms": None}):
        refused = owner.patch(path, json=change)
        assert (refused.status_code, refused.json["exchange_id"]) == (409, chosen.json["id"])
    assert owner.patch(path, json={"terms": "lend"}).status_code == 200
    assert news(ana).count(TOLD) == 0
    assert owner.patch(path, json={"needed_until": "2027-02-05T10:00:00Z"}).status_code == 200
    assert news(ana).count(TOLD) == 1


def test_a_title_does_not_turn_a_guessed_kind_once_it_is_agreed(as_, ana, bob):
    """BOK-12: what was guessed two have agreed on; the category alone is guessed anew."""
    drill = offer(ana, "Perceuse à percussion")
    assert "kind" in as_(ana).get(f"/v1/listings/{drill.id}").json["guessed"]
    agree(bob, drill)
    edited = as_(ana).patch(f"/v1/listings/{drill.id}", json={"title": "Cours de guitare"})
    assert (edited.status_code, edited.json["kind"], edited.json["terms"]) == (200, "item", "lend")
    assert "kind" not in edited.json["guessed"]


def test_behind_a_block_nobody_hears_of_an_edit(as_, ana, bob, drills, news):
    """BOK-12, SEC-27: what is out goes on; the other's new words are none of theirs."""
    lend(bob, drills)
    as_(bob).put(f"/v1/me/blocks/{ana.id}")
    before = news(bob)
    assert as_(ana).patch(f"/v1/listings/{drills.id}", json=READ["title"]).status_code == 200
    assert news(bob) == before
    assert as_(ana).patch(f"/v1/listings/{drills.id}", json={"terms": "give"}).status_code == 409


def test_an_agreement_is_no_edit(as_, ana, bob):
    """REL-05: where nothing was guessed, the owner's next edit is of the version that they read."""
    drill = offer(ana, kind="item", category="power-drills")
    owner, path = as_(ana), f"/v1/listings/{drill.id}"
    read = owner.get(path).headers["ETag"]
    agree(bob, drill)
    assert owner.patch(path, json={"description": "Bleue."}, headers={"If-Match": read}).status_code == 200
