"""BOK-12: what was agreed stays what was agreed, whatever becomes of the listing that it rests on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from neighbourly.core.db import db
from neighbourly.listings import jobs as listings_jobs
from neighbourly.listings.categories import CATEGORIES
from neighbourly.listings.models import Listing, Meaning
from tests.factories.exchanges import agree, bring_back, dispute, lend, propose
from tests.factories.listings import ask, offer

TITLE = "Perceuse à percussion"


def shown_titles(as_, user) -> set[str]:
    """What the thing of somebody's only exchange is called, wherever they read of it."""
    reader = as_(user)
    [listed] = reader.get("/v1/exchanges").json["items"]
    [thread] = reader.get("/v1/conversations").json["items"]
    detail = reader.get(f"/v1/exchanges/{listed['id']}").json
    chat = reader.get(f"/v1/conversations/{thread['id']}").json
    to_do = reader.get("/v1/start").json["to_do"]
    return {each["listing"]["title"] for each in (listed, detail, thread, chat, *to_do)}


@pytest.mark.parametrize("make", [propose, agree, lend, bring_back, dispute])
def test_an_edit_changes_neither_the_exchange_nor_its_thread_nor_what_was_told(as_, ana, bob, drill, make, look):
    """BOK-12: of both sides, in every state."""
    exchange = make(bob, drill)
    told = {user.id: as_(user).get("/v1/notifications").json["items"] for user in (ana, bob)}
    calendar = as_(bob).get(f"/v1/exchanges/{exchange.id}/calendar.ics").data
    assert as_(ana).patch(f"/v1/listings/{drill.id}", json={"title": "Tondeuse à gazon"}).status_code == 200
    for user in (ana, bob):
        assert shown_titles(as_, user) == {TITLE}
        before = [(each["title"], each["body"]) for each in told[user.id]]
        after = as_(user).get("/v1/notifications").json["items"][-len(before) :] if before else []
        assert [(each["title"], each["body"]) for each in after] == before
    assert as_(bob).get(f"/v1/exchanges/{exchange.id}/calendar.ics").data == calendar
    assert look(bob, exchange)["listing"]["kind"] == "item"


def test_a_counter_is_of_the_thing_as_it_is_then(as_, ana, bob, drill, act, latest):
    """BOK-12: whoever proposes anew proposes what there is; the thread is about it too."""
    exchange = propose(bob, drill)
    as_(ana).patch(f"/v1/listings/{drill.id}", json={"title": "Tondeuse à gazon"})
    times = {"starts_at": exchange.starts_at.isoformat(), "ends_at": exchange.ends_at.isoformat()}
    assert act(ana, exchange, "counter", **times).status_code == 200
    assert shown_titles(as_, bob) == shown_titles(as_, ana) == {"Tondeuse à gazon"}
    assert "Tondeuse à gazon" in latest(bob)


@pytest.mark.parametrize("change", [{"terms": "give"}, {"kind": "skill", "category": None, "terms": None}])
def test_a_counter_makes_no_loan_a_gift_or_a_help(as_, ana, bob, drill, act, look, change):
    """BOK-12: what is lent no longer is proposed anew."""
    exchange = propose(bob, drill)
    assert as_(ana).patch(f"/v1/listings/{drill.id}", json=change).status_code == 200
    times = {"starts_at": exchange.starts_at.isoformat(), "ends_at": exchange.ends_at.isoformat()}
    refused = act(ana, exchange, "counter", **times)
    assert (refused.status_code, refused.json["code"]) == (409, "other_than_proposed")
    assert look(bob, exchange)["listing"]["kind"] == "item"


def test_what_an_earlier_version_proposed_is_kept_when_it_is_accepted(as_, ana, bob, drill, act):
    """BOK-12: both versions run while one replaces the other."""
    exchange = propose(bob, drill)
    exchange.known_title = exchange.known_kind = exchange.known_category = None
    db.session.commit()
    assert act(ana, exchange, "accept").status_code == 200
    as_(ana).patch(f"/v1/listings/{drill.id}", json={"title": "Tondeuse à gazon"})
    assert shown_titles(as_, bob) == {TITLE}


def test_what_a_private_offer_was_called_stays_in_each_of_its_exchanges(as_, ana, bob, new_user):
    """BOK-12: the same private offer made again under another name renames nothing that was agreed before."""
    need = ask(bob, "Une perceuse", kind="item", category="power-drills")
    said = as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes", "title": "Ma vieille Bosch"}).json
    chosen = as_(bob).post("/v1/exchanges", json={"answer_id": said["id"], "ends_at": "2027-01-05T10:00:00Z"})
    assert chosen.status_code == 201, chosen.json
    thing = db.session.get_one(Listing, chosen.json["listing"]["id"])
    thing.title = "Une autre"
    db.session.commit()
    assert shown_titles(as_, bob) == {chosen.json["listing"]["title"]} == {"Ma vieille Bosch"}


def test_a_question_is_about_what_was_asked_about(as_, ana, bob, drill):
    """BOK-12: a thread without an exchange keeps its title too."""
    as_(bob).post("/v1/conversations", json={"listing_id": str(drill.id), "body": "Bonjour"})
    as_(ana).patch(f"/v1/listings/{drill.id}", json={"title": "Tondeuse à gazon"})
    for user in (ana, bob):
        [thread] = as_(user).get("/v1/conversations").json["items"]
        assert thread["listing"]["title"] == TITLE
    assert offer(ana, "Une tente").title == "Une tente"


def test_what_is_next_best_is_like_what_was_asked_for(as_, ana, bob, cleo, act, look):
    """BOK-12: whatever the thing became since; it is of the kind and category that somebody proposed to have."""
    exchange = propose(bob, offer(ana, "Perceuse à percussion", category="power-drills"))
    other = offer(cleo, "Perceuse sans fil", category="power-drills")
    offer(cleo, "Scie circulaire", category="saws")
    as_(ana).patch(f"/v1/listings/{exchange.listing_id}", json={"title": "Scie sauteuse", "category": "saws"})
    act(ana, exchange, "decline")
    assert [each["id"] for each in look(bob, exchange)["next_best"]] == [str(other.id)]


def test_three_that_are_called_off_can_be_told_apart(as_, ana, bob, leave):
    """BOK-12: who leaves, or blocks, takes no names along: in notices, lists, threads, calendar."""
    things = {"Perceuse à percussion", "Une tente", "Une échelle"}
    for number, thing in enumerate(sorted(things)):
        agree(bob, offer(ana, thing), begins=1 + number * 3)
    assert leave(ana).status_code == 204
    reader = as_(bob)
    news = reader.get("/v1/notifications").json["items"]
    cancelled = [each for each in news if each["type"] == "exchange_cancelled"]
    assert {each["body"] for each in cancelled} == {f"«\u00a0{thing}\u00a0» est annulé." for thing in things}
    for path in ("/v1/exchanges", "/v1/conversations"):
        assert {each["listing"]["title"] for each in reader.get(path).json["items"]} == things
    calendars = [
        reader.get(f"/v1/exchanges/{each['id']}/calendar.ics").text
        for each in reader.get("/v1/exchanges").json["items"]
    ]
    assert all(any(thing in calendar for calendar in calendars) for thing in things)


def test_three_that_a_block_called_off_can_be_told_apart(as_, ana, bob):
    """BOK-12, LOC-13: a block looks as if the other had left, and that names the things."""
    things = {"Perceuse à percussion", "Une tente", "Une échelle"}
    for number, thing in enumerate(sorted(things)):
        agree(bob, offer(ana, thing), begins=1 + number * 3)
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    news = as_(bob).get("/v1/notifications").json["items"]
    cancelled = {each["body"] for each in news if each["type"] == "exchange_cancelled"}
    assert cancelled == {f"«\u00a0{thing}\u00a0» est annulé." for thing in things}


def test_what_who_left_asked_for_keeps_its_name(as_, ana, bob, leave):
    """BOK-12: to who helped; in the words of who asked, without contact data."""
    agree(ana, ask(bob, "Jardiner au 12 rue des Lilas", kind="time"), minutes=60)
    assert leave(bob).status_code == 204
    assert shown_titles(as_, ana) == {"Jardiner au […]"}


def test_what_the_words_of_who_left_meant_goes_with_them(app, as_, ana, bob, leave):
    """BOK-12, GDP-02: also of an offer of the other's that was named by their need."""
    need = ask(bob, "Une perceuse pour mon garage", kind="item", category="power-drills")
    said = as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes"}).json
    chosen = as_(bob).post("/v1/exchanges", json={"answer_id": said["id"]}).json
    private = db.session.get_one(Listing, chosen["listing"]["id"])
    with app.app_context():
        listings_jobs.note_missing()
    assert set(db.session.scalars(select(Meaning.listing_id))) == {need.id, private.id}
    assert leave(bob).status_code == 204
    assert db.session.scalars(select(Meaning.listing_id)).all() == []
    db.session.expire_all()
    category = CATEGORIES["power-drills"].name["fr"]
    assert (private.title, shown_titles(as_, ana)) == (category, {category})


def test_what_its_giver_called_it_stays_whoever_leaves(as_, ana, bob, leave):
    """BOK-12: the word of the one who stays, for what they offered to a need alone."""
    need = ask(bob, "Une perceuse", kind="item", category="power-drills")
    said = as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes", "title": "Ma vieille Bosch"}).json
    assert as_(bob).post("/v1/exchanges", json={"answer_id": said["id"]}).status_code == 201
    assert leave(bob).status_code == 204
    assert shown_titles(as_, ana) == {"Ma vieille Bosch"}


def test_who_took_a_thing_and_left_takes_nothing_of_its_owners_words(as_, ana, bob, leave):
    """BOK-12: what is masked is the words of who left."""
    agree(bob, offer(ana, "Une tente, 06 12 34 56 78"))
    assert leave(bob).status_code == 204
    assert shown_titles(as_, ana) == {"Une tente, 06 12 34 56 78"}
