"""CON-10: a yes is consent to one thing; what is other by then is a proposal, and silence owes nothing beyond a tap."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from neighbourly.accounts.models import User
from neighbourly.answers.models import Answer
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from neighbourly.timebank import service as timebank
from neighbourly.timebank.models import Entry
from tests.factories.exchanges import agree, day, propose
from tests.factories.listings import actor, ask, offer

EXCHANGES = "/v1/exchanges"


def weekend(bob: User, **more: Any) -> Listing:
    """Bob needs a drill for two days."""
    return ask(bob, "Une perceuse pour le week-end", kind="item", needed_from=day(1), needed_until=day(3), **more)


def hand(bob: User, hours: float | None = 3, title: str = "Déménager une armoire", **more: Any) -> Listing:
    """Bob needs a hand for so many hours in two days; None: some time in the week to come."""
    begins = day(2)
    times = {} if hours is None else {"needed_from": begins, "needed_until": begins + timedelta(hours=hours)}
    return ask(bob, title, kind="time", category=None, **times, **more)


@pytest.fixture
def say_yes(as_):
    """`say_yes(ana, need)`: her answer, as she sees it."""

    def answer(user: User, need: Listing, **said: Any) -> Any:
        given = as_(user).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes", **said})
        assert given.status_code in (200, 201), given.json
        return given.json

    return answer


@pytest.fixture
def choose(as_):
    """`choose(bob, yes)`: what comes of his tap."""

    def tap(user: User, yes: dict[str, Any], **said: Any) -> Any:
        return as_(user).post(EXCHANGES, json={"answer_id": yes["id"], **said})

    return tap


@pytest.fixture
def shown(as_):
    """`shown(bob, need)`: the one answer to it, as who asked reads it."""
    return lambda user, need: as_(user).get(f"/v1/listings/{need.id}/answers").json["items"][0]


@pytest.fixture
def edit(as_):
    """`edit(ana, drill, title="…")`: she changes it."""

    def change(user: User, listing: Listing, **said: Any) -> None:
        changed = as_(user).patch(f"/v1/listings/{listing.id}", json=said)
        assert changed.status_code == 200, changed.json

    return change


@pytest.fixture
def well_off(new_user, bob):
    """Bob has nine hundred minutes, which neighbours gave him."""
    for number in range(9):
        giver = new_user(f"Dora{number} D.")
        timebank.transfer_minutes(actor=actor(giver), to_user_id=bob.id, minutes=100)
    db.session.commit()


def moved() -> list[int]:
    return list(db.session.scalars(select(Entry.minutes).order_by(Entry.minutes)))


def test_a_yes_to_a_drill_never_becomes_minutes(as_, ana, bob, say_yes, choose, edit, act, later):
    """CON-10: the offer is a skill and paused by the time it is chosen; whatever the attacker taps, nothing is owed."""
    need, drill = weekend(bob), offer(ana, "Perceuse Bosch")
    yes = say_yes(ana, need, listing_id=str(drill.id), message="Oui, ma perceuse est pour vous")
    edit(ana, drill, kind="skill", category=None, terms=None)
    as_(ana).post(f"/v1/listings/{drill.id}/pause")
    made = choose(bob, yes)
    assert (made.status_code, made.json["kind"], made.json["state"], made.json["minutes"]) == (
        201,
        "loan",
        "proposed",
        None,
    )
    assert (made.json["awaiting"], made.json["differs"]) == ("giver", ["thing"])
    assert made.json["listing"]["title"] == "Perceuse Bosch"
    assert act(ana, made.json, "done").status_code == 409
    for _ in range(15):
        later(days=1)
    assert moved() == []


@pytest.mark.parametrize("end", ["delete", "close", "pause"])
def test_an_offer_that_is_gone_is_asked_for_again(as_, ana, bob, say_yes, choose, end):
    """CON-10: what is not offered any more is a proposal, under the name that it had."""
    need, drill = weekend(bob), offer(ana, "Perceuse Bosch")
    yes = say_yes(ana, need, listing_id=str(drill.id))
    path = f"/v1/listings/{drill.id}"
    gone = as_(ana).delete(path) if end == "delete" else as_(ana).post(f"{path}/{end}")
    assert gone.status_code < 300
    made = choose(bob, yes).json
    assert (made["state"], made["kind"], made["differs"]) == ("proposed", "loan", ["thing"])
    assert made["listing"]["title"] == "Perceuse Bosch"


def test_what_a_moderator_removed_is_promised_by_nobody(ana, bob, say_yes, choose):
    """CON-10: nor named again."""
    need, drill = weekend(bob), offer(ana, "Perceuse Bosch")
    yes = say_yes(ana, need, listing_id=str(drill.id))
    db.session.execute(update(Listing).where(Listing.id == drill.id).values(status="removed"))
    db.session.commit()
    assert choose(bob, yes).status_code == 404


@pytest.mark.parametrize("kind", ["skill", "time"])
def test_an_offer_of_another_kind_is_no_answer_to_a_need(as_, ana, bob, kind):
    """CON-10: neither named in a yes, nor in one's own proposal, deleted afterwards or not."""
    need, lesson = weekend(bob), offer(ana, "Cours d'anglais", kind=kind, category=None)
    said = as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes", "listing_id": str(lesson.id)})
    own = as_(ana).post(EXCHANGES, json={"listing_id": str(need.id), "offer_id": str(lesson.id)})
    assert [(each.status_code, each.json["errors"][0]["pointer"], each.json["code"]) for each in (said, own)] == [
        (422, "/listing_id", "another_kind"),
        (422, "/offer_id", "another_kind"),
    ]
    assert db.session.scalars(select(Answer)).all() == []


def test_a_thing_is_no_answer_to_a_need_for_a_hand(as_, ana, bob):
    """CON-10."""
    need, drill = hand(bob), offer(ana)
    said = as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes", "listing_id": str(drill.id)})
    own = as_(ana).post(EXCHANGES, json={"listing_id": str(need.id), "offer_id": str(drill.id)})
    assert [each.json["code"] for each in (said, own)] == ["another_kind", "another_kind"]


@pytest.mark.parametrize("kind", ["skill", "time"])
def test_know_how_and_time_are_both_a_help(ana, bob, say_yes, choose, kind):
    need, craft = hand(bob), offer(ana, "Bricolage", kind=kind, category=None)
    made = choose(bob, say_yes(ana, need, listing_id=str(craft.id))).json
    assert (made["state"], made["kind"], made["minutes"], made["listing"]["id"]) == (
        "accepted",
        "help",
        180,
        str(craft.id),
    )


@pytest.mark.parametrize(
    "change",
    [{"terms": "give"}, {"title": "Mes factures"}, {"requires_code": True}, {"description": "Caution : 200 €"}],
)
def test_an_offer_that_says_other_things_is_asked_for_again(ana, bob, say_yes, choose, edit, change):
    """CON-10."""
    need, drill = weekend(bob), offer(ana, "Perceuse Bosch")
    yes = say_yes(ana, need, listing_id=str(drill.id))
    edit(ana, drill, **change)
    made = choose(bob, yes).json
    assert (made["state"], made["awaiting"], made["differs"]) == ("proposed", "giver", ["thing"])


@pytest.mark.parametrize("change", [{"title": "perceuse bosch !"}, {"quantity": 2}, {"pause_minutes": 30}])
def test_what_says_the_same_is_the_same(ana, bob, say_yes, choose, edit, change):
    need, drill = weekend(bob), offer(ana, "Perceuse Bosch")
    yes = say_yes(ana, need, listing_id=str(drill.id))
    edit(ana, drill, **change)
    assert choose(bob, yes).json["state"] == "accepted"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Repeindre la maison"},
        {"description": "Et le piano, au sixième étage."},
        {"helpers_needed": 4},
        {"kind": "item"},
    ],
)
def test_a_need_that_says_other_things_is_put_to_its_helper_again(ana, bob, say_yes, choose, edit, change):
    """CON-10: the yes was to the need as it stood."""
    need = hand(bob)
    yes = say_yes(ana, need)
    edit(bob, need, **change)
    made = choose(bob, yes).json
    assert (made["state"], made["awaiting"], made["differs"]) == ("proposed", "giver", ["need"])


def test_a_need_that_moves_takes_no_yes_along(ana, bob, say_yes, choose, edit):
    """CON-10: without hours of its own a yes holds for those that the need had."""
    need = weekend(bob)
    yes = say_yes(ana, need)
    edit(bob, need, needed_until=day(40).isoformat())
    made = choose(bob, yes).json
    assert (made["state"], made["differs"]) == ("proposed", ["time"])


def test_a_need_that_said_its_kind_later_is_the_same_need(ana, bob, say_yes, choose, edit):
    """Who said yes with a drill to what was filed nowhere said it to a need for a thing."""
    need, drill = weekend(bob), offer(ana, "Perceuse Bosch")
    db.session.execute(update(Listing).where(Listing.id == need.id).values(kind=None, category=None))
    db.session.commit()
    yes = say_yes(ana, need, listing_id=str(drill.id))
    edit(bob, need, kind="item")
    assert choose(bob, yes).json["state"] == "accepted"


def test_a_drill_for_the_weekend_is_agreed_in_one_tap(ana, bob, say_yes, choose):
    """CON-10: the honest pay nothing for it."""
    need, drill = weekend(bob), offer(ana, "Perceuse Bosch")
    made = choose(bob, say_yes(ana, need, listing_id=str(drill.id))).json
    assert (made["state"], made["kind"], made["differs"]) == ("accepted", "loan", [])


# What a help costs


@pytest.mark.parametrize(
    ("hours", "yes", "choice", "minutes"),
    [
        (3, {}, {}, 180),
        (3, {}, {"minutes": 180}, 180),
        (3, {"minutes": 90}, {}, 90),
        (3, {"minutes": 90}, {"minutes": 90}, 90),
        (None, {"minutes": 45}, {"minutes": 45}, 45),
        (30, {"minutes": 45}, {"minutes": 45}, 45),
        (30, {"minutes": 600}, {"minutes": 600}, 600),
    ],
)
@pytest.mark.usefixtures("well_off")
def test_what_both_wrote_or_read_is_agreed_in_one_tap(ana, bob, say_yes, choose, hours, yes, choice, minutes):
    """CON-10: the hours of the need, or the helper's own number and the asker's."""
    need = hand(bob, hours)
    made = choose(bob, say_yes(ana, need, **yes), **choice).json
    assert (made["state"], made["minutes"], made["agreed_minutes"]) == ("accepted", minutes, minutes)


@pytest.mark.parametrize(
    ("hours", "yes", "choice", "differs"),
    [
        (3, {}, {"minutes": 15}, ["minutes"]),
        (3, {}, {"minutes": 240}, ["time", "minutes"]),
        (3, {}, {"as_gift": True}, ["as_gift"]),
        (3, {}, {"minutes": 15, "as_gift": True}, ["minutes", "as_gift"]),
        (3, {"minutes": 90}, {"minutes": 60}, ["minutes"]),
        (3, {"minutes": 240}, {}, ["minutes"]),
        (None, {}, {}, ["minutes"]),
        (None, {}, {"minutes": 60}, ["minutes"]),
        (None, {"minutes": 400}, {}, ["minutes"]),
        (None, {"minutes": 60}, {}, ["minutes"]),
        (30, {}, {"minutes": 60}, ["minutes"]),
    ],
)
def test_a_price_that_one_of_the_two_did_not_read_is_a_proposal(ana, bob, say_yes, choose, hours, yes, choice, differs):
    """CON-10: who chooses does not set the price alone, nor does who says yes."""
    need = hand(bob, hours)
    made = choose(bob, say_yes(ana, need, **yes), **choice).json
    assert (made["state"], made["awaiting"], made["agreed_minutes"]) == ("proposed", "giver", None)
    assert made["differs"] == differs


def test_twenty_six_hours_for_a_quarter_as_a_gift(as_, ana, bob, say_yes, choose, latest, act):
    """CON-10: the helper is asked, and reads all of it before she taps."""
    need = hand(bob, 28)
    times = {"starts_at": day(2.01).isoformat(), "ends_at": day(3.09).isoformat()}
    made = choose(bob, say_yes(ana, need), minutes=15, as_gift=True, **times).json
    assert (made["state"], made["awaiting"]) == ("proposed", "giver")
    assert latest(ana).startswith("Bob proposes a time | “Déménager une armoire”, on ")
    assert "15\u00a0min as a gift: say yes" in latest(ana)
    assert act(ana, made, "decline").status_code == 200


def test_a_help_shows_its_minutes_before_they_bind(as_, ana, bob, say_yes, shown):
    """CON-10: on the need, on the yes and in the list of yeses."""
    need = hand(bob, 3)
    assert as_(ana).get(f"/v1/listings/{need.id}").json["minutes"] == 180
    assert say_yes(ana, need)["minutes"] == 180
    assert shown(bob, need)["minutes"] == 180
    assert say_yes(ana, need, minutes=90)["minutes"] == 90
    assert shown(bob, need)["minutes"] == 90
    assert as_(ana).get(f"/v1/listings/{weekend(bob).id}").json["minutes"] is None


def test_hours_that_a_yes_gave_are_a_price_too(ana, bob, say_yes, choose, shown):
    """CON-10: chosen as they are they cost what both read."""
    need = hand(bob, None)
    times = {"starts_at": day(1).isoformat(), "ends_at": (day(1) + timedelta(hours=2)).isoformat()}
    yes = say_yes(ana, need, available_from=times["starts_at"], available_until=times["ends_at"])
    assert shown(bob, need)["minutes"] == 120
    made = choose(bob, yes, **times).json
    assert (made["state"], made["minutes"]) == ("accepted", 120)


def test_minutes_are_said_of_a_help_alone(as_, ana, bob, say_yes, choose, drill):
    """CON-10: what would do nothing is refused, with where it stands."""
    need = weekend(bob)
    yes = say_yes(ana, need)
    refused = [
        as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes", "minutes": 60}),
        choose(bob, yes, minutes=60),
        choose(bob, yes, as_gift=True),
        choose(bob, yes, offer_id=str(drill.id)),
        as_(bob).post(EXCHANGES, json={"listing_id": str(drill.id), "offer_id": str(drill.id), "ends_at": _in(3)}),
        as_(bob).post(EXCHANGES, json={"listing_id": str(drill.id), "minutes": 60, "ends_at": _in(3)}),
    ]
    assert [(each.status_code, each.json["errors"][0]["pointer"], each.json["code"]) for each in refused] == [
        (422, "/minutes", "helps_only"),
        (422, "/minutes", "helps_only"),
        (422, "/as_gift", "helps_only"),
        (422, "/offer_id", "with_an_answer"),
        (422, "/offer_id", "requests_only"),
        (422, "/minutes", "helps_only"),
    ]


def _in(days: float) -> str:
    return day(days).isoformat()


# What was changed between the list and the tap


@pytest.mark.usefixtures("well_off")
def test_a_yes_that_says_other_things_than_it_was_read_with_is_not_chosen(ana, bob, say_yes, choose, shown):
    """CON-10: who says which version they read is refused with the one there is."""
    need = hand(bob, None)
    yes = say_yes(ana, need, minutes=45)
    read = shown(bob, need)
    say_yes(ana, need, minutes=400)
    refused = choose(bob, yes, answer_version=read["version"])
    assert (refused.status_code, refused.json["code"]) == (412, "stale_version")
    assert refused.json["current"]["minutes"] == 400
    again = shown(bob, need)
    made = choose(bob, yes, answer_version=again["version"]).json
    assert (made["state"], made["minutes"]) == ("accepted", 400)


def test_an_offer_edited_after_the_list_was_read_is_not_chosen_either(ana, bob, say_yes, choose, shown, edit):
    """CON-10."""
    need, drill = weekend(bob), offer(ana, "Perceuse Bosch")
    yes = say_yes(ana, need, listing_id=str(drill.id))
    read = shown(bob, need)
    assert choose(bob, yes, answer_version="0").status_code == 412
    edit(ana, drill, title="Mes factures")
    assert choose(bob, yes, answer_version=read["version"]).status_code == 412
    assert choose(bob, yes, answer_version=shown(bob, need)["version"]).json["state"] == "proposed"


def test_a_yes_said_anew_with_another_thing_is_read_before_it_binds(ana, bob, say_yes, choose, shown):
    """CON-10: an app that does not say what it showed agrees to nothing that was changed since it was first said."""
    need, drill, bills = weekend(bob), offer(ana, "Perceuse Bosch"), offer(ana, "Mes factures", kind="item")
    yes = say_yes(ana, need, listing_id=str(drill.id))
    say_yes(ana, need, listing_id=str(bills.id))
    made = choose(bob, yes).json
    assert (made["state"], made["differs"], made["listing"]["title"]) == ("proposed", ["answer"], "Mes factures")


def test_a_no_between_two_yeses_hides_no_other_thing(as_, ana, bob, say_yes, choose, shown):
    """CON-10: a yes that was taken back may have been read; what the need itself asks for is never worse."""
    need, drill, bills = weekend(bob), offer(ana, "Perceuse Bosch"), offer(ana, "Mes factures", kind="item")
    yes = say_yes(ana, need, listing_id=str(drill.id))
    for _ in range(2):
        no = as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "no"})
        assert (no.status_code, no.json["minutes"]) == (200, None)
    say_yes(ana, need, listing_id=str(bills.id))
    made = choose(bob, yes).json
    assert (made["state"], made["differs"], made["listing"]["title"]) == ("proposed", ["answer"], "Mes factures")


def test_a_no_that_became_a_yes_is_agreed_in_one_tap(as_, ana, bob, say_yes, choose):
    """CON-10: who asked read no other yes before."""
    need, drill = weekend(bob), offer(ana, "Perceuse Bosch")
    as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "no"})
    assert choose(bob, say_yes(ana, need, listing_id=str(drill.id))).json["state"] == "accepted"


def test_the_same_offer_in_other_words_said_anew_is_read_before_it_binds(ana, bob, say_yes, choose, shown, edit):
    """CON-10: an edit between two yeses is another thing as well; the same words twice are not."""
    need, drill = weekend(bob), offer(ana, "Perceuse Bosch")
    yes = say_yes(ana, need, listing_id=str(drill.id))
    edit(ana, drill, title="Mes factures")
    say_yes(ana, need, listing_id=str(drill.id))
    say_yes(ana, need, listing_id=str(drill.id))
    made = choose(bob, yes).json
    assert (made["state"], made["differs"], made["listing"]["title"]) == ("proposed", ["answer"], "Mes factures")


def test_a_yes_said_twice_is_agreed_in_one_tap(ana, bob, say_yes, choose):
    need, drill = weekend(bob), offer(ana, "Perceuse Bosch")
    say_yes(ana, need, listing_id=str(drill.id))
    assert choose(bob, say_yes(ana, need, listing_id=str(drill.id))).json["state"] == "accepted"


def test_a_yes_said_anew_and_read_is_agreed_in_one_tap(ana, bob, say_yes, choose, shown):
    need, drill = weekend(bob), offer(ana, "Perceuse Bosch")
    say_yes(ana, need)
    yes = say_yes(ana, need, listing_id=str(drill.id))
    assert choose(bob, yes, answer_version=shown(bob, need)["version"]).json["state"] == "accepted"


def test_a_yes_of_before_this_was_kept_is_a_proposal(ana, bob, say_yes, choose):
    """CON-10: nobody can say any more what it was to."""
    need = weekend(bob)
    yes = say_yes(ana, need)
    db.session.execute(update(Answer).values(terms=None))
    db.session.commit()
    made = choose(bob, yes).json
    assert (made["state"], made["differs"]) == ("proposed", ["answer"])


# What was proposed is what is accepted


@pytest.mark.parametrize("change", [{"title": "Mes factures"}, {"terms": "give"}, {"kind": "skill"}])
def test_what_was_edited_since_it_was_proposed_is_not_what_is_accepted(ana, bob, drill, edit, act, change):
    """CON-10: the answer says what it is now, and a proposal of it may be made."""
    exchange = propose(bob, drill)
    was = {field: getattr(drill, field) for field in ("title", "terms", "kind", "category")}
    cleared = {"category": None, "terms": None} if "kind" in change else {}
    edit(ana, drill, **cleared, **change)
    refused = act(ana, exchange, "accept")
    assert (refused.status_code, refused.json["code"]) == (409, "other_than_proposed")
    assert refused.json["current"]["listing"]["title"] == change.get("title", "Perceuse à percussion")
    edit(ana, drill, **was)
    assert act(ana, exchange, "accept").json["state"] == "accepted"


def test_a_counter_is_of_the_thing_as_it_is_now(ana, bob, drill, edit, act):
    """CON-10: the other side reads it and accepts, or not."""
    exchange = propose(bob, drill)
    edit(ana, drill, title="Perceuse sans fil")
    times = {"starts_at": day(5).isoformat(), "ends_at": day(6).isoformat()}
    assert act(ana, exchange, "accept").status_code == 409
    assert act(ana, exchange, "counter", **times).json["listing"]["title"] == "Perceuse sans fil"
    assert act(bob, exchange, "accept").json["state"] == "accepted"


def test_who_asks_cannot_turn_the_need_under_a_helpers_proposal(as_, ana, bob, edit, act):
    """CON-10: an hour of watering is no hour of painting."""
    need = hand(bob, 1, "Arroser les plantes")
    made = as_(ana).post(EXCHANGES, json={"listing_id": str(need.id)}).json
    edit(bob, need, title="Repeindre la façade")
    assert act(bob, made, "accept").json["code"] == "other_than_proposed"


def test_an_old_proposal_is_accepted_as_ever(ana, bob, drill, act):
    """What was proposed before this was kept is held against nothing."""
    exchange = propose(bob, drill)
    db.session.execute(update(Exchange).values(terms_digest=None))
    db.session.commit()
    assert act(ana, exchange, "accept").json["state"] == "accepted"


# More than a working day


@pytest.fixture
def lesson(ana):
    """Ana teaches English."""
    return offer(ana, "Cours d'anglais", kind="skill", category=None)


def test_a_length_beyond_a_working_day_binds_nobody_to_its_minutes(as_, ana, bob, lesson, say_yes, choose):
    """CON-10: whoever proposes it says the number."""
    times = {"starts_at": day(1).isoformat(), "ends_at": (day(1) + timedelta(hours=9)).isoformat()}
    need = hand(bob, 12)
    refused = [
        as_(bob).post(EXCHANGES, json={"listing_id": str(lesson.id), **times}),
        as_(ana).post(EXCHANGES, json={"listing_id": str(need.id)}),
        choose(bob, say_yes(ana, need)),
    ]
    assert {(each.status_code, each.json["errors"][0]["pointer"], each.json["code"]) for each in refused} == {
        (422, "/minutes", "say_the_minutes")
    }
    assert as_(bob).post(EXCHANGES, json={"listing_id": str(lesson.id), "minutes": 60, **times}).status_code == 201


@pytest.mark.usefixtures("well_off")
def test_both_say_the_number_of_a_help_beyond_a_working_day(as_, ana, bob, lesson, act, look):
    """CON-10."""
    exchange = propose(bob, lesson, minutes=600)
    seen = look(ana, exchange)
    assert (seen["say_minutes"], "accept" in seen["allowed_actions"]) == (True, True)
    assert look(bob, exchange)["say_minutes"] is False
    for said in ({}, {"minutes": 60}, {"minutes": 601}):
        refused = act(ana, exchange, "accept", **said)
        assert (refused.status_code, refused.json["code"]) == (422, "say_the_minutes")
        assert refused.json["errors"][0]["pointer"] == "/minutes"
    accepted = act(ana, exchange, "accept", minutes=600).json
    assert (accepted["state"], accepted["agreed_minutes"], accepted["say_minutes"]) == ("accepted", 600, False)


@pytest.mark.parametrize(("said", "status"), [({}, 200), ({"minutes": 60}, 200), ({"minutes": 90}, 422)])
def test_below_it_one_tap_accepts_what_the_notice_says(ana, bob, lesson, act, said, status):
    """CON-10: a number that is said must be the one proposed."""
    assert act(ana, propose(bob, lesson, minutes=60), "accept", **said).status_code == status


def test_a_thing_is_accepted_without_minutes(ana, bob, drill, act):
    refused = act(ana, propose(bob, drill), "accept", minutes=60)
    assert (refused.status_code, refused.json["code"]) == (422, "helps_only")


def test_a_counter_says_its_minutes_as_well(ana, bob, lesson, act):
    """CON-10: reckoned up to a working day, said beyond."""
    exchange = propose(bob, lesson, minutes=60)
    times = {"starts_at": day(4).isoformat(), "ends_at": (day(4) + timedelta(hours=10)).isoformat()}
    refused = act(ana, exchange, "counter", **times)
    assert (refused.status_code, refused.json["code"]) == (422, "say_the_minutes")
    assert act(ana, exchange, "counter", **times, minutes=90).json["minutes"] == 90
    assert act(bob, exchange, "accept").json["agreed_minutes"] == 90


@pytest.mark.usefixtures("well_off")
def test_what_took_more_than_a_working_day_is_confirmed_by_its_number(ana, bob, lesson, act):
    """CON-10, LED-08."""
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done", minutes=700)
    refused = act(bob, exchange, "confirm")
    assert (refused.status_code, refused.json["code"]) == (422, "say_the_minutes")
    assert act(bob, exchange, "confirm", minutes=700).json["state"] == "confirmed"


# What is told


def test_a_helpers_proposal_says_what_it_costs(as_, ana, bob, latest):
    """CON-10: in the notice, before one tap accepts it, and in the thread."""
    made = as_(ana).post(EXCHANGES, json={"listing_id": str(hand(bob, 3).id)}).json
    assert ", 3\u00a0h from your account: say yes" in latest(bob)
    thread = as_(bob).get(f"/v1/conversations/{made['conversation_id']}/messages").json["items"]
    assert thread[0]["body"] == "Ana A. propose un moment\u00a0: 3\u00a0h."


def test_an_askers_proposal_says_what_is_given_for_it(ana, bob, say_yes, choose, act, latest, later):
    """CON-10: at first, by a counter, and when it is reminded of."""
    made = choose(bob, say_yes(ana, hand(bob, 70)), minutes=90).json
    assert ", 1\u00a0h\u00a030\u00a0min for you: say yes" in latest(ana)
    later(days=1.1)
    assert latest(ana).startswith("Your answer is awaited")
    assert "1\u00a0h\u00a030\u00a0min for you" in latest(ana)
    times = {"starts_at": day(4).isoformat(), "ends_at": (day(4) + timedelta(hours=2)).isoformat()}
    act(ana, made, "counter", **times)
    assert ", 2\u00a0h from your account: does that suit you?" in latest(bob)


def test_what_was_agreed_at_once_says_its_minutes(ana, bob, say_yes, choose, latest):
    """CON-10."""
    choose(bob, say_yes(ana, hand(bob, 3)))
    assert latest(ana).startswith("Bob chose your offer")
    assert "3\u00a0h for you" in latest(ana)


# Silence


def test_silence_confirms_what_the_receiver_tapped_in_sight_of(ana, bob, lesson, act, later, look):
    """CON-10, LED-08."""
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done", minutes=150)
    for _ in range(8):
        later(days=1)
    assert (look(bob, exchange)["state"], moved()) == ("confirmed", [-60, 60])


@pytest.mark.parametrize("who", ["giver", "receiver"])
def test_what_was_agreed_before_the_number_was_shown_waits_for_a_tap(ana, bob, lesson, act, later, look, who):
    """CON-10: of a help agreed by an older version silence says nothing; who wrote it done has tapped."""
    exchange = agree(bob, lesson, minutes=60)
    db.session.execute(update(Exchange).values(consented_minutes=None))
    db.session.commit()
    act(ana if who == "giver" else bob, exchange, "done")
    assert (look(bob, exchange)["confirm_by"] is None) is (who == "giver")
    for _ in range(31):
        later(days=1)
    if who == "receiver":
        assert look(bob, exchange)["state"] == "confirmed"
        return
    assert (look(bob, exchange)["state"], moved()) == ("done", [])
    assert act(bob, exchange, "confirm").json["state"] == "confirmed"
    assert moved() == [-60, 60]
