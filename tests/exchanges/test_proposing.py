"""Proposing: on a listing, or from a chosen answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from neighbourly.accounts.models import User
from neighbourly.bookings.models import Occupation
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from neighbourly.listings.service.private import private_offer_id
from tests import people
from tests.databases import count_of
from tests.factories.exchanges import agree, day, lend, propose
from tests.factories.listings import ask, offer

EXCHANGES = "/v1/exchanges"


def times(begins: float = 1, days: float = 2) -> dict[str, str]:
    starts_at = day(begins)
    return {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(days=days)).isoformat()}


def answer(as_, helper, need, said="yes", **window):
    """The id of an answer to a need, as who asked it sees it."""
    asker = db.session.get_one(User, need.owner_id)
    as_(helper).post(f"/v1/listings/{need.id}/answers", json={"answer": said, **window})
    items = as_(asker).get(f"/v1/listings/{need.id}/answers").json["items"]
    return next(each["id"] for each in items if each["neighbour"]["id"] == str(helper.id))


def test_a_proposal_waits_for_the_owner_and_says_what_may_be_done(as_, bob, ana, drill, news):
    made = as_(bob).post(EXCHANGES, json={"listing_id": str(drill.id), **times(), "message": "Bonjour !"})
    assert made.status_code == 201
    assert made.headers["Location"] == f"/v1/exchanges/{made.json['id']}"
    assert (made.json["kind"], made.json["state"], made.json["awaiting"]) == ("loan", "proposed", "giver")
    assert (made.json["role"], made.json["allowed_actions"]) == ("receiver", ["withdraw"])
    seen = as_(ana).get(made.headers["Location"]).json
    assert (seen["role"], seen["allowed_actions"]) == ("giver", ["accept", "decline", "counter"])
    assert news(ana) == ["exchange_proposed"]


@pytest.mark.parametrize(
    ("said", "kind", "has_end"),
    [
        ({"terms": "lend"}, "loan", True),
        ({"terms": "give"}, "gift", False),
        ({"kind": "skill", "title": "Cours d'anglais"}, "help", True),
        ({"kind": "time", "title": "Une heure de jardinage"}, "help", True),
    ],
)
def test_what_it_becomes_follows_from_the_listing(as_, ana, bob, said, kind, has_end):
    thing = offer(ana, **{"title": "Une étagère", "category": None} | said)
    body = {"listing_id": str(thing.id), "starts_at": day(1).isoformat()}
    if kind == "loan":
        body["ends_at"] = day(2).isoformat()
    made = as_(bob).post(EXCHANGES, json=body)
    assert (made.status_code, made.json["kind"]) == (201, kind), made.json
    assert (made.json["ends_at"] is not None) is has_end
    assert made.json["minutes"] == (60 if kind == "help" else None)


def test_a_yes_for_tonight_is_agreed_at_once_within_its_window(as_, ana, bob, news):
    need = ask(bob)
    window = {"available_from": day(1).isoformat(), "available_until": day(2).isoformat()}
    chosen = answer(as_, ana, need, **window)
    made = as_(bob).post(EXCHANGES, json={"answer_id": chosen, **times(1.2, 0.5)}).json
    assert (made["state"], made["role"], made["request_id"]) == ("accepted", "receiver", str(need.id))
    assert count_of(Occupation) == 1
    assert news(ana)[-1] == "exchange_accepted"


def test_a_yes_goes_no_further_than_its_window(as_, ana, bob):
    need = ask(bob)
    window = {"available_from": day(1).isoformat(), "available_until": day(2).isoformat()}
    chosen = answer(as_, ana, need, **window)
    made = as_(bob).post(EXCHANGES, json={"answer_id": chosen, **times(1.2, 2)}).json
    assert (made["state"], made["awaiting"]) == ("proposed", "giver")
    assert count_of(Occupation) == 0


def test_without_hours_of_its_own_a_yes_holds_as_long_as_the_need(as_, ana, bob):
    need = ask(bob, needed_until=day(3))
    chosen = answer(as_, ana, need)
    made = as_(bob).post(EXCHANGES, json={"answer_id": chosen}).json
    assert (made["state"], made["ends_at"]) == ("accepted", need.needed_until.isoformat().replace("+00:00", "Z"))


def test_a_later_is_only_proposed(as_, ana, bob):
    need = ask(bob)
    made = as_(bob).post(EXCHANGES, json={"answer_id": answer(as_, ana, need, "later"), **times()}).json
    assert made["state"] == "proposed"


@pytest.mark.parametrize("blocker", ["who asked", "who said yes"])
def test_a_yes_from_behind_a_block_is_nothing_to_choose(as_, ana, bob, blocker):
    """SEC-02: a block acts also on what was said before it."""
    need = ask(bob)
    chosen = answer(as_, ana, need)
    one, other = (bob, ana) if blocker == "who asked" else (ana, bob)
    as_(one).put(f"/v1/me/blocks/{other.id}")
    assert as_(bob).post(EXCHANGES, json={"answer_id": chosen, **times()}).status_code == 404
    assert count_of(Exchange) == 0


def test_a_yes_of_somebody_suspended_is_nothing_to_choose(as_, ana, bob):
    """SEC-02."""
    need = ask(bob)
    chosen = answer(as_, ana, need)
    ana.state = "suspended"
    db.session.commit()
    assert as_(bob).post(EXCHANGES, json={"answer_id": chosen, **times()}).status_code == 404


def test_nobody_meets_a_need_with_what_is_anothers(as_, ana, bob, cleo, drill):
    """SEC-02: an offer that is not one's own is none."""
    need = ask(bob)
    body = {"listing_id": str(need.id), "offer_id": str(drill.id), **times()}
    assert as_(cleo).post(EXCHANGES, json=body).status_code == 404
    assert as_(ana).post(EXCHANGES, json=body).json["listing"]["id"] == str(drill.id)


def test_two_needs_met_by_one_yes_each_cannot_have_the_drill_at_once(as_, ana, bob, cleo):
    """The yes to a need makes a private offer of one copy, so that overlap is refused there too."""
    needs = {each: ask(each) for each in (bob, cleo)}
    chosen = {each: answer(as_, ana, need) for each, need in needs.items()}
    first = as_(bob).post(EXCHANGES, json={"answer_id": chosen[bob], **times()})
    second = as_(cleo).post(EXCHANGES, json={"answer_id": chosen[cleo], **times(2)})
    assert (first.status_code, second.status_code) == (201, 409)
    assert second.json["code"] == "already_booked"
    private = db.session.get_one(Listing, db.session.get_one(Exchange, first.json["id"]).listing_id)
    assert private.private
    assert as_(ana).get("/v1/me/listings").json["items"] == []


def test_a_yes_is_consent_to_one_agreement_and_not_to_the_next(as_, ana, bob, act):
    """After Ana cancelled, her yes of before is no consent any more."""
    chosen = answer(as_, ana, ask(bob))
    first = as_(bob).post(EXCHANGES, json={"answer_id": chosen, **times()}).json
    assert act(ana, first, "cancel").json["state"] == "cancelled"
    again = as_(bob).post(EXCHANGES, json={"answer_id": chosen, **times()}).json
    assert (again["state"], again["awaiting"]) == ("proposed", "giver")
    assert count_of(Occupation) == 0


def test_one_yes_to_a_help_is_one_help_however_often_it_is_chosen(as_, ana, bob, news):
    """LED-08, REL-07: one answer leads to one living exchange, and Ana hears of it once."""
    need = ask(bob, "Déménager une armoire", kind="time", category=None, helpers_needed=3)
    body = {"answer_id": answer(as_, ana, need, minutes=90), "minutes": 90}
    made = [as_(bob).post(EXCHANGES, json=body | more) for more in ({}, {}, {"id": str(new_id())})]
    assert [each.status_code for each in made] == [201, 200, 200]
    assert len({each.json["id"] for each in made}) == 1
    assert as_(bob).get("/v1/me/timebank").json["pending_minutes"] == 90
    assert news(ana) == ["exchange_accepted"]


def test_a_later_that_was_chosen_waits_once(as_, ana, bob, act):
    """REL-07: until it is over; then it may be chosen anew."""
    body = {"answer_id": answer(as_, ana, ask(bob), "later"), **times()}
    first, again = (as_(bob).post(EXCHANGES, json=body) for _ in range(2))
    assert (first.status_code, again.status_code, again.json["id"]) == (201, 200, first.json["id"])
    assert act(ana, first.json, "decline").status_code == 200
    assert as_(bob).post(EXCHANGES, json=body).json["id"] != first.json["id"]


def test_the_same_proposal_tapped_twice_is_one(as_, bob, ana, drill, news):
    """REL-07: the same words for the same times, while they wait; another time is another proposal."""
    body = {"listing_id": str(drill.id), **times(), "message": "Bonjour !"}
    first, again = (as_(bob).post(EXCHANGES, json=body) for _ in range(2))
    other = as_(bob).post(EXCHANGES, json=body | times(5))
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 201)
    assert (again.json["id"], other.json["id"] == first.json["id"]) == (first.json["id"], False)
    assert news(ana) == ["exchange_proposed"] * 2


def test_what_was_declined_may_be_proposed_anew(as_, bob, ana, drill, act):
    body = {"listing_id": str(drill.id), **times()}
    first = as_(bob).post(EXCHANGES, json=body).json
    act(ana, first, "decline")
    assert as_(bob).post(EXCHANGES, json=body).status_code == 201


def test_a_yes_that_was_chosen_is_answered_the_same_again(as_, ana, bob):
    """REL-07."""
    body = {"id": str(new_id()), "answer_id": answer(as_, ana, ask(bob)), **times()}
    first, again = as_(bob).post(EXCHANGES, json=body), as_(bob).post(EXCHANGES, json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json["state"], again.json["state"]) == ("accepted", "accepted")


@pytest.mark.parametrize("move", ["close", "fulfil"])
def test_a_yes_to_a_need_that_is_over_is_asked_again(as_, ana, bob, move):
    need = ask(bob)
    chosen = answer(as_, ana, need)
    moved = as_(bob).post(f"/v1/listings/{need.id}/{move}", json={"how": "elsewhere"} if move == "fulfil" else {})
    assert moved.status_code == 200
    made = as_(bob).post(EXCHANGES, json={"answer_id": chosen, **times()}).json
    assert (made["state"], made["awaiting"]) == ("proposed", "giver")


@pytest.mark.parametrize("category", ["tools", None])
def test_what_a_yes_promises_is_never_named_in_another_askers_words(as_, ana, bob, cleo, category):
    """SEC-02: each need calls it as it does, and none as another does."""
    titles = []
    for asker, words in ((bob, "La perceuse de feu Marcel"), (cleo, "De quoi percer chez moi")):
        need = ask(asker, words, kind="item", category="tools")
        need.category = category
        db.session.commit()
        made = as_(asker).post(EXCHANGES, json={"answer_id": answer(as_, ana, need), **times(len(titles) * 5 + 1)})
        titles.append(made.json["listing"]["title"])
    assert titles == ["perceuse de feu Marcel", "percer"]
    as_(bob).put(f"/v1/me/blocks/{ana.id}")
    assert [each["listing"]["title"] for each in as_(ana).get(EXCHANGES).json["items"]] == ["percer"]


@pytest.mark.parametrize("wanted", [("give", "lend"), ("lend", "give")])
def test_what_is_asked_for_to_keep_and_what_to_borrow_are_two_things(as_, ana, bob, cleo, wanted):
    """A yes to lend a drill gives none away, whatever Ana promised before."""
    kinds = []
    for asker, terms, begins in zip((bob, cleo), wanted, (1, 6), strict=True):
        chosen = answer(as_, ana, ask(asker, terms=terms))
        kinds.append(as_(asker).post(EXCHANGES, json={"answer_id": chosen, **times(begins)}).json["kind"])
    assert kinds == [{"give": "gift", "lend": "loan"}[terms] for terms in wanted]


def test_who_gave_one_away_may_give_another(as_, ana, bob, cleo, act):
    """Of what is given there may be another one; nobody asks whether it is the same."""
    states = []
    for asker in (bob, cleo):
        chosen = answer(as_, ana, ask(asker, terms="give"))
        made = as_(asker).post(EXCHANGES, json={"answer_id": chosen, **times(0.01)}).json
        states.append(act(ana, made, "hand_over").json["state"])
    assert states == ["handed_over", "handed_over"]


def test_an_id_that_somebody_took_stops_no_yes_from_being_chosen(as_, ana, bob, cleo):
    need = ask(bob, terms="give")
    chosen = answer(as_, ana, need)
    taken = {"id": str(private_offer_id(need.id, ana.id)), "title": "Une tente"}
    assert as_(cleo).post("/v1/listings", json=taken).status_code == 201
    assert as_(bob).post(EXCHANGES, json={"answer_id": chosen, **times()}).json["state"] == "accepted"


def test_a_yes_with_ones_own_offer_takes_that_offers_copy(as_, ana, bob, cleo, drill):
    need = ask(bob)
    lend(cleo, drill, begins=1, days=3)
    chosen = answer(as_, ana, need, listing_id=str(drill.id))
    refused = as_(bob).post(EXCHANGES, json={"answer_id": chosen, **times()})
    assert (refused.status_code, refused.json["code"]) == (409, "already_booked")


def test_several_helpers_meet_one_need_and_the_last_one_ends_it(as_, ana, bob, cleo, act):
    need = ask(bob, "Déménager une armoire", kind="time", category=None, helpers_needed=2)
    helps = []
    for helper in (ana, cleo):
        chosen = answer(as_, helper, need, minutes=90)
        helps.append(as_(bob).post(EXCHANGES, json={"answer_id": chosen, "minutes": 90}).json)
    assert [each["state"] for each in helps] == ["accepted", "accepted"]
    for helper, help in zip((ana, cleo), helps, strict=True):
        assert db.session.get_one(Listing, need.id).status == "published"
        act(helper, help, "done")
        act(bob, help, "confirm")
    assert db.session.get_one(Listing, need.id).status == "fulfilled"


def test_who_would_meet_a_need_proposes_as_the_giver(as_, ana, bob):
    need = ask(bob)
    made = as_(ana).post(EXCHANGES, json={"listing_id": str(need.id), **times()}).json
    assert (made["role"], made["awaiting"]) == ("giver", "receiver")
    assert as_(bob).get(f"{EXCHANGES}/{made['id']}").json["allowed_actions"] == ["accept", "decline", "counter"]


def test_the_same_id_with_the_same_content_is_the_same_exchange(as_, bob, drill):
    """REL-07."""
    body = {"id": str(new_id()), "listing_id": str(drill.id), **times()}
    first, again = as_(bob).post(EXCHANGES, json=body), as_(bob).post(EXCHANGES, json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["id"] == again.json["id"] == body["id"]
    assert count_of(Exchange) == 1


def test_the_same_id_for_another_thing_or_by_somebody_else_is_taken(as_, ana, bob, cleo, drill):
    """REL-07."""
    body = {"id": str(new_id()), "listing_id": str(drill.id), **times()}
    as_(bob).post(EXCHANGES, json=body)
    other = body | {"listing_id": str(offer(ana, "Une tente").id)}
    later = body | times(3)
    assert [as_(bob).post(EXCHANGES, json=each).json["code"] for each in (other, later)] == ["id_taken", "id_taken"]
    assert as_(cleo).post(EXCHANGES, json=body).json["code"] == "id_taken"


def test_nobody_borrows_from_themselves(as_, ana, drill):
    refused = as_(ana).post(EXCHANGES, json={"listing_id": str(drill.id), **times()})
    assert (refused.status_code, refused.json["code"]) == (409, "own_offer")


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"starts_at": -1, "ends_at": 1}, "/starts_at", "in_the_past"),
        ({"starts_at": 1}, "/ends_at", "required"),
        ({"starts_at": 2, "ends_at": 1}, "/ends_at", "ends_before_it_begins"),
        ({"starts_at": 1, "ends_at": 500}, "/ends_at", "too_far_ahead"),
    ],
)
def test_times_must_be_to_come_and_in_order(as_, bob, drill, said, pointer, code):
    body = {name: day(number).isoformat() for name, number in said.items()}
    refused = as_(bob).post(EXCHANGES, json={"listing_id": str(drill.id), **body})
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [(pointer, code)]


@pytest.mark.parametrize("year", [9998, 9999])
def test_nothing_is_planned_for_another_age(as_, ana, bob, drill, act, year):
    """SEC-23: neither proposed, countered, extended nor waited for; nobody's tap fails over it later."""
    times = {"starts_at": f"{year}-12-30T00:00:00Z", "ends_at": f"{year}-12-31T00:00:00Z"}
    proposed, lent = propose(bob, drill), lend(bob, offer(ana, "Une tente"))
    refused = [
        as_(bob).post(EXCHANGES, json={"listing_id": str(drill.id), **times}),
        as_(bob).put(f"/v1/listings/{drill.id}/waiting", json=times),
        act(ana, proposed, "counter", **times),
        act(bob, lent, "extend", ends_at=times["ends_at"]),
    ]
    assert {(each.status_code, each.json["errors"][0]["code"]) for each in refused} == {(422, "too_far_ahead")}
    assert as_(bob).get(f"/v1/listings/{drill.id}/calendar?from={times['starts_at']}").status_code == 200


END_OF_TIME = "9999-12-31T23:30:00Z"


@pytest.mark.parametrize("action", ["propose", "counter"])
def test_a_help_at_the_end_of_time_is_refused_before_its_end_is_reckoned(as_, ana, bob, act, action):
    """SEC-16: a 422 and no 500."""
    lesson = offer(ana, "Cours d'anglais", kind="skill", category=None)
    if action == "propose":
        refused = as_(bob).post(EXCHANGES, json={"listing_id": str(lesson.id), "starts_at": END_OF_TIME})
    else:
        refused = act(ana, propose(bob, lesson), "counter", starts_at=END_OF_TIME)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "too_far_ahead")


def test_one_of_listing_and_answer_is_named(as_, bob, drill):
    both = {"listing_id": str(drill.id), "answer_id": str(new_id()), **times()}
    assert as_(bob).post(EXCHANGES, json=both).status_code == 422
    assert as_(bob).post(EXCHANGES, json=times()).status_code == 422


def test_nobody_keeps_it_longer_than_its_owner_lends_it(as_, ana, bob):
    thing = offer(ana, max_loan_days=3)
    refused = as_(bob).post(EXCHANGES, json={"listing_id": str(thing.id), **times(1, 3.5)})
    assert (refused.status_code, refused.json["code"]) == (409, "loan_too_long")
    assert as_(bob).post(EXCHANGES, json={"listing_id": str(thing.id), **times(1, 3)}).status_code == 201


def test_what_is_closed_or_paused_is_not_proposed_on(as_, ana, bob, drill):
    as_(ana).post(f"/v1/listings/{drill.id}/pause", json={})
    assert as_(bob).post(EXCHANGES, json={"listing_id": str(drill.id), **times()}).status_code == 404


def test_a_proposal_may_stand_beside_others_and_beside_a_loan_until_it_is_accepted(as_, bob, cleo, drill, act, ana):
    """BOK-06."""
    first = as_(bob).post(EXCHANGES, json={"listing_id": str(drill.id), **times()}).json
    second = as_(cleo).post(EXCHANGES, json={"listing_id": str(drill.id), **times()}).json
    assert act(ana, first, "accept").status_code == 200
    refused = act(ana, second, "accept")
    assert (refused.status_code, refused.json["code"]) == (409, "already_booked")
    assert as_(cleo).get(f"{EXCHANGES}/{second['id']}").json["state"] == "proposed"


@pytest.fixture
def fair(app, as_, ana, own):
    """`fair(things_at_once=2)`: a rule of the neighbourhood in which Ana lives."""
    as_(ana).put("/v1/me/home", json={"cell": people.ANA_CELL})

    def rule(**rules):
        for name, value in rules.items():
            setattr(own, name, value)
        db.session.commit()

    return rule


def test_no_more_proposals_wait_than_the_neighbourhood_finds_fair(as_, ana, bob, fair):
    fair(open_proposals=2)
    drill = str(offer(ana).id)
    answers = [as_(bob).post(EXCHANGES, json={"listing_id": drill, **times(begins)}) for begins in (1, 4, 7)]
    assert [each.status_code for each in answers] == [201, 201, 409]
    assert answers[-1].json["code"] == "too_many_proposals"


def test_no_more_things_at_once_than_the_neighbourhood_finds_fair(as_, ana, bob, fair, act):
    fair(things_at_once=2)
    things = [offer(ana, title) for title in ("Une échelle", "Une tente", "Un vélo")]
    lend(bob, things[0])
    agree(bob, things[1], begins=5)
    third = as_(bob).post(EXCHANGES, json={"listing_id": str(things[2].id), **times()}).json
    refused = act(ana, third, "accept")
    assert (refused.status_code, refused.json["code"]) == (409, "too_many_things")


def test_a_proposal_tells_what_to_expect_and_until_when(as_, bob, drill):
    made = as_(bob).post(EXCHANGES, json={"listing_id": str(drill.id), **times(10)}).json
    waits = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
    assert abs(waits - timedelta(hours=72)) < timedelta(minutes=1)
    assert made["expect"] is None, "nobody has answered yet"
