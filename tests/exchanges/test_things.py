"""With which thing a yes comes: the offer for which one was asked, another, or one that is not listed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from neighbourly.accounts.events import AccountErasing
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.listings.models import Listing
from tests.factories.exchanges import day
from tests.factories.listings import ask, offer

EXCHANGES = "/v1/exchanges"


def times(begins: float = 1, days: float = 1) -> dict[str, str]:
    starts_at = day(begins)
    return {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(days=days)).isoformat()}


@pytest.fixture
def bosch(ana) -> Listing:
    """Ana lends it."""
    return offer(ana, "Perceuse à percussion Bosch")


@pytest.fixture
def need(bob, bosch, run_jobs) -> Listing:
    """Bob needs one, and Ana was asked because of hers."""
    asked = ask(bob, "Je cherche une perceuse pour samedi")
    run_jobs()
    return asked


@pytest.fixture
def say(as_):
    """`say(ana, need, "yes")`: Ana's answer, as she reads it."""

    def tap(user, need, answer="yes", **more):
        told = as_(user).post(f"/v1/listings/{need.id}/answers", json={"answer": answer, **more})
        assert told.status_code in (200, 201), told.json
        return told.json

    return tap


def choose(as_, user, answer, **said):
    return as_(user).post(EXCHANGES, json={"answer_id": answer["id"], **times(), **said})


def test_who_was_asked_for_an_offer_says_yes_with_that_offer(say, as_, ana, bob, bosch, need):
    """BOK-09: told in the answer, and to who asked."""
    told = say(ana, need)
    assert (told["listing_id"], told["listing"]["id"], told["thing"]) == (str(bosch.id), str(bosch.id), bosch.title)
    assert told["your_offers"] == [{"id": str(bosch.id), "title": bosch.title}]
    (seen,) = as_(bob).get(f"/v1/listings/{need.id}/answers").json["items"]
    assert (seen["listing"]["id"], seen["thing"]) == (str(bosch.id), bosch.title)


def test_a_thing_is_not_promised_twice_through_a_yes(say, as_, ana, bob, cleo, bosch, need, act):
    """BOK-09: the chosen yes takes the very copy that Cleo would have borrowed."""
    chosen = choose(as_, bob, say(ana, need)).json
    assert (chosen["state"], chosen["listing"]["id"]) == ("accepted", str(bosch.id))
    again = as_(cleo).post(EXCHANGES, json={"listing_id": str(bosch.id), **times(1.2)})
    refused = again if again.status_code == 409 else act(ana, again.json, "accept")
    assert (refused.status_code, refused.json["code"]) == (409, "already_booked")


def test_not_this_one_is_one_tap_and_keeps_what_was_said(say, as_, ana, bob, bosch, need):
    told = say(ana, need, message="Au garage.")
    (change,) = [each for each in told["changes"] if each["code"] == "not_this_one"]
    changed = as_(ana).post(change["action"]["path"], json=change["action"]["body"])
    assert (changed.status_code, changed.json["listing_id"], changed.json["thing"]) == (200, None, "perceuse")
    assert changed.json["message"] == "Au garage."
    assert say(ana, need)["listing_id"] is None, "what she said of the thing holds until she says otherwise"
    made = choose(as_, bob, changed.json).json
    assert (made["state"], made["listing"]["title"]) == ("accepted", "perceuse")


def test_another_thing_is_one_tap(say, as_, ana, need):
    other = offer(ana, "Perceuse sans fil")
    told = say(ana, need)
    (change,) = [each for each in told["changes"] if each["code"] == "another_thing"]
    assert other.title in change["text"]
    changed = as_(ana).post(change["action"]["path"], json=change["action"]["body"]).json
    assert (changed["listing_id"], changed["thing"]) == (str(other.id), other.title)


def test_who_was_not_asked_is_shown_what_fits(say, as_, bob, cleo, need):
    """Nothing is taken for granted of who was not asked: the yes is with nothing listed until they tap."""
    book, drill = offer(cleo, "Un roman policier"), offer(cleo, "Perceuse visseuse")
    told = say(cleo, need)
    assert (told["listing_id"], told["thing"]) == (None, "perceuse")
    assert [each["id"] for each in told["your_offers"]] == [str(drill.id)]
    assert str(book.id) not in str(told["changes"])
    assert say(cleo, need, listing_id=str(drill.id))["thing"] == drill.title


@pytest.mark.parametrize("end", ["pause", "close"])
def test_an_offer_that_is_no_longer_shown_is_not_what_a_yes_means(say, as_, ana, bosch, need, end):
    assert as_(ana).post(f"/v1/listings/{bosch.id}/{end}").status_code == 200
    assert say(ana, need)["listing_id"] is None


def test_who_was_asked_for_something_of_the_same_family_is_not_taken_to_mean_that(say, bob, cleo, run_jobs):
    """A ladder is no drill: it is shown, not promised."""
    ladder = offer(cleo, "Une échelle")
    need = ask(bob, "Une perceuse")
    run_jobs()
    told = say(cleo, need)
    assert (told["listing_id"], told["thing"]) == (None, "perceuse")
    assert [each["id"] for each in told["your_offers"]] == [str(ladder.id)]


def test_a_no_comes_with_nothing(say, ana, need):
    told = say(ana, need, "no")
    assert (told["listing_id"], told["thing"], told["your_offers"], told["changes"]) == (None, None, [], [])


def test_a_yes_to_a_thing_is_none_to_a_lesson(say, as_, ana, bob, run_jobs):
    """What turned a drill into an hour's debt is asked for, never taken for granted."""
    lesson = offer(ana, "Cours de perceuse", kind="skill", category=None)
    need = ask(bob, "Une perceuse", kind="item")
    run_jobs()
    told = say(ana, need)
    assert (told["listing_id"], told["your_offers"]) == (None, [])
    assert str(lesson.id) not in str(told)


def test_the_answerer_may_name_what_is_not_listed(say, as_, ana, bob, need):
    told = say(ana, need, title="Hilti de chantier")
    assert (told["listing_id"], told["thing"]) == (None, "Hilti de chantier")
    assert choose(as_, bob, told).json["listing"]["title"] == "Hilti de chantier"


def test_a_listed_thing_has_its_title_already(as_, ana, bosch, need):
    body = {"answer": "yes", "listing_id": str(bosch.id), "title": "La mienne"}
    refused = as_(ana).post(f"/v1/listings/{need.id}/answers", json=body)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "listed_already")


def test_a_help_has_no_name_of_a_thing(as_, ana, bob):
    need = ask(bob, "Déménager une armoire", kind="time", category=None)
    refused = as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes", "title": "Mes bras"})
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "things_only")


def test_the_name_of_a_thing_is_no_fault_once_it_is_a_help_that_is_needed(say, as_, ana, bob, need):
    """What was said before is not held against who only says yes again."""
    say(ana, need, title="Hilti de chantier")
    assert as_(bob).patch(f"/v1/listings/{need.id}", json={"kind": "time", "category": None}).status_code == 200
    assert say(ana, need)["thing"] is None


def test_two_things_that_are_filed_nowhere_are_not_alike(as_, ana, bob):
    offer(ana, "Zorglub", kind="item", category=None)
    need = ask(bob, "Un truc bizarre", kind="item", category=None)
    made = as_(ana).post(EXCHANGES, json={"listing_id": str(need.id), **times()})
    assert (made.status_code, made.json["listing"]["title"]) == (201, "truc bizarre")


@pytest.mark.parametrize(
    ("title", "thing"),
    [
        ("Je cherche une perceuse pour samedi", "perceuse"),
        ("Qui aurait une échelle ?", "échelle"),
        ("Est-ce que quelqu'un peut me prêter une scie sauteuse demain ?", "scie sauteuse"),
        ("Could someone lend me a pressure washer?", "pressure washer"),
        ("Appareil à raclette", "Appareil à raclette"),
        ("Je cherche pour samedi", "Perceuses et visseuses"),
    ],
)
def test_what_is_not_listed_is_called_as_the_need_calls_it(say, as_, bob, cleo, title, thing):
    """The thing keeps its name, without the way of asking; without any it is called as its category."""
    need = ask(bob, title, kind="item", category="power-drills")
    assert choose(as_, bob, say(cleo, need)).json["listing"]["title"] == thing


def test_the_thing_keeps_its_name_everywhere(say, as_, ana, bob, bosch, need, news, latest):
    """Inbox, exchange and conversation say what it is, not of which category."""
    made = choose(as_, bob, say(ana, need)).json
    assert bosch.title in latest(ana)
    (thread,) = as_(ana).get("/v1/conversations").json["items"]
    assert (made["listing"]["title"], thread["listing"]["title"]) == (bosch.title, bosch.title)


def test_an_unlisted_thing_keeps_its_name_everywhere(say, as_, bob, cleo, need, latest):
    made = choose(as_, bob, say(cleo, need)).json
    assert "perceuse" in latest(cleo)
    (thread,) = as_(cleo).get("/v1/conversations").json["items"]
    assert (made["listing"]["title"], thread["listing"]["title"]) == ("perceuse", "perceuse")


def test_what_may_be_one_thing_is_promised_once_under_whatever_names(say, as_, bob, ana, cleo):
    """BOK-09: Cleo has one drill, as far as anybody knows, whatever the needs call it."""
    first, second = ask(bob, "Une perceuse"), ask(ana, "Perceuse visseuse", category="power-drills", kind="item")
    assert choose(as_, bob, say(cleo, first)).json["listing"]["title"] == "perceuse"
    refused = choose(as_, ana, say(cleo, second), **times(1.5))
    assert (refused.status_code, refused.json["code"]) == (409, "already_booked")
    later = choose(as_, ana, say(cleo, second), **times(3))
    assert (later.json["state"], later.json["listing"]["title"]) == ("accepted", "Perceuse visseuse")


def test_who_leaves_takes_their_words_for_it_along(say, as_, bob, cleo):
    """GDP-02: the name came from the need."""
    need = ask(bob, "La perceuse de feu Marcel", category="power-drills", kind="item")
    made = choose(as_, bob, say(cleo, need)).json
    assert made["listing"]["title"] == "perceuse de feu Marcel"
    publish(AccountErasing(bob.id))
    db.session.commit()
    assert as_(cleo).get(EXCHANGES).json["items"][0]["listing"]["title"] == "Perceuses et visseuses"


def test_who_offers_on_a_need_offers_their_listed_thing(as_, ana, bob, cleo, bosch, need, act):
    """The same thing promised by another way: a proposal of the giver's own takes the listed copy as well."""
    made = as_(ana).post(EXCHANGES, json={"listing_id": str(need.id), **times()}).json
    assert made["listing"]["id"] == str(bosch.id)
    assert act(bob, made, "accept").json["state"] == "accepted"
