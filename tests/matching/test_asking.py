"""Asking around: who is a candidate, what keeps them from being asked, and what follows wave by wave."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from neighbourly.accounts.models import User
from neighbourly.core import cells, clock
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from neighbourly.matching.events import AskExhausted, NeighboursAsked
from neighbourly.matching.models import Ask, Asked, Habit
from neighbourly.matching.selectors import finding
from neighbourly.matching.service import asking
from tests import people
from tests.databases import run_job
from tests.factories.exchanges import bring_back
from tests.factories.listings import offer as lendable

DRILL = {"kind": "item", "category": "power-drills"}


def interests(as_, user, *slugs, **more):
    assert as_(user).patch("/v1/me/preferences", json={"interests": list(slugs), **more}).status_code == 200


# Whom a need reaches


@pytest.mark.parametrize(
    ("title", "filed", "reached"),
    [
        ("Perceuse à percussion", {}, True),
        ("Visseuse Makita", DRILL, True),
        ("Scie sauteuse", {"kind": "item", "category": "saws"}, True),
        ("Outillage", {"kind": "item", "category": "tools"}, True),
        ("Forets et perceuses", {"kind": "item", "category": "electrics"}, True),
        ("Roman", {"kind": "item", "category": "books", "description": "Où l'on vole une perceuse."}, True),
        ("Roman", {"kind": "item", "category": "books"}, False),
        ("Je perce vos murs à la perceuse", {"kind": "time", "category": "diy-hand"}, False),
    ],
)
def test_offers_of_the_category_its_family_or_with_a_word_in_common_are_candidates(
    offer, ask, waves, ana, bob, title, filed, reached
):
    offer(bob, title, **filed)
    assert waves(ask(ana, "Une perceuse")) == ([{"Bob B."}] if reached else [])


@pytest.mark.parametrize(
    ("title", "needed"),
    [("Une échelle", "une ECHELLE"), ("Ladder", "some ladders"), ("Échelles", "une échelle")],
)
def test_words_meet_across_accents_capitals_and_endings(offer, ask, waves, ana, bob, title, needed):
    offer(bob, title, kind="item", category="books")
    assert waves(ask(ana, needed)) == [{"Bob B."}]


def test_a_need_of_no_known_kind_is_asked_by_words_alone(as_, offer, ask, waves, ana, bob):
    offer(bob, "Gribouillis", kind="time", category="company")
    need = ask(ana, "Des gribouillis")
    assert db.session.get_one(Listing, need).kind is None
    assert waves(need) == [{"Bob B."}]


@pytest.mark.parametrize(("interest", "reached"), [("power-drills", True), ("tools", True), ("saws", False)])
def test_an_interest_in_the_category_or_its_parent_is_reason_enough(as_, ask, waves, ana, bob, interest, reached):
    interests(as_, bob, interest)
    assert waves(ask(ana)) == ([{"Bob B."}] if reached else [])


def test_a_person_is_asked_once_whatever_they_offer(as_, offer, ask, waves, ana, bob):
    interests(as_, bob, "tools", "power-drills")
    offer(bob, "Scie", kind="item", category="saws")
    best = offer(bob, "Perceuse", **DRILL)
    need = ask(ana)
    (asked,) = db.session.scalars(select(Asked).where(Asked.listing_id == need))
    assert str(asked.offer_id) == best
    assert asked.why == {
        "rule": "3",
        "distance_m": cells.metres_between(people.ANA_CELL, people.BOB_CELL),
        "radius_m": 20_000,
        "wanted": "power-drills",
        "found": "power-drills",
        "by": "offer",
        "words": ["perceuse"],
        "of": 1,
        "idea": "perceuse",
        "like": None,
        "free": 1.0,
        "age_days": 0,
        "turn": 1.0,
    }


# What keeps someone from being asked


def test_nobody_is_asked_for_their_own_need(as_, ask, waves, ana):
    interests(as_, ana, "power-drills")
    assert waves(ask(ana)) == []


@pytest.mark.parametrize("by", ["ana", "bob"])
def test_a_block_either_way_keeps_needs_apart(as_, offer, ask, waves, ana, bob, by):
    offer(bob, "Perceuse")
    blocker, blocked = (ana, bob) if by == "ana" else (bob, ana)
    as_(blocker).put(f"/v1/me/blocks/{blocked.id}")
    assert waves(ask(ana)) == []


def test_only_active_accounts_are_asked(offer, ask, waves, ana, bob):
    offer(bob, "Perceuse")
    db.session.get_one(User, bob.id).state = "suspended"
    assert waves(ask(ana)) == []


@pytest.mark.parametrize(
    "wish",
    [
        {"away_until": (clock.now() + timedelta(days=90)).isoformat()},
        {"asks_per_week": 0},
        {"radius_m": 200},
    ],
)
def test_preferences_keep_needs_away(as_, offer, ask, waves, ana, bob, wish):
    offer(bob, "Perceuse")
    interests(as_, bob, "power-drills", **wish)
    assert waves(ask(ana)) == []


def test_a_need_goes_no_farther_than_its_radius(offer, ask, waves, ana, bob, cleo):
    offer(bob, "Perceuse")
    offer(cleo, "Perceuse")
    assert waves(ask(ana, radius_m=500)) == [{"Bob B."}]


def test_a_radius_is_met_to_the_metre(offer, ask, waves, ana, bob):
    offer(bob, "Perceuse")
    metres = cells.metres_between(people.ANA_CELL, people.BOB_CELL)
    assert waves(ask(ana, radius_m=metres - 1)) == []
    assert waves(ask(ana, radius_m=metres)) == [{"Bob B."}]


def test_drafts_and_paused_offers_ask_nobody(as_, offer, ask, waves, ana, bob):
    offer(bob, "Perceuse", status="draft")
    as_(bob).post(f"/v1/listings/{offer(bob, 'Perceuse')}/pause")
    assert waves(ask(ana)) == []


def test_nobody_is_asked_more_often_a_week_than_they_accept(offer, ask, waves, ana, bob, pass_time):
    offer(bob, "Perceuse")
    needs = []
    for number in range(4):
        needs.append(ask(ana, f"Perceuse {number}", needed_until=end_of_day(clock.now())))
        pass_time(days=1)
    assert [len(waves(need)) for need in needs] == [1, 1, 1, 0]
    pass_time(days=3, minutes=1)
    assert waves(ask(ana, "Perceuse 5")) == [{"Bob B."}]


def end_of_day(now: datetime) -> str:
    return (now + timedelta(hours=20)).isoformat()


def test_nobody_is_asked_twice_a_day(offer, ask, waves, ana, bob, cleo, pass_time):
    offer(bob, "Perceuse")
    first, second = ask(ana, "Perceuse un"), ask(cleo, "Perceuse deux")
    assert (waves(first), waves(second)) == ([{"Bob B."}], [])
    pass_time(hours=24, minutes=1)
    run_job("matching.try_exhausted_again")
    assert waves(second) == [{"Bob B."}]


def test_a_no_is_for_the_kind_of_thing_for_a_month(as_, offer, ask, tap, waves, ana, bob, cleo, pass_time):
    offer(bob, "Perceuse")
    offer(bob, "Scie sauteuse")
    tap(bob, ask(ana), "no")
    pass_time(days=2)
    assert waves(ask(cleo, "Une perceuse")) == []
    assert waves(ask(cleo, "Une scie sauteuse")) == [{"Bob B."}]
    pass_time(days=29)
    assert waves(ask(ana, "Une perceuse à béton")) == [{"Bob B."}]


def test_a_no_may_be_for_one_need_alone(as_, offer, ask, waves, ana, bob, cleo, pass_time):
    offer(bob, "Perceuse")
    said = as_(bob).post(f"/v1/listings/{ask(ana)}/answers", json={"answer": "no", "keep_asking": True})
    assert said.json["keep_asking"] is True
    pass_time(days=2)
    assert waves(ask(cleo, "Une perceuse")) == [{"Bob B."}]


def test_who_has_answered_is_not_asked_any_more(as_, offer, ana, bob, run_jobs, waves):
    offer(bob, "Perceuse")
    need = as_(ana).post("/v1/listings", json={"title": "Une perceuse"}).json["id"]
    as_(bob).post(f"/v1/listings/{need}/answers", json={"answer": "later"})
    run_jobs()
    assert waves(need) == []


def test_quiet_hours_are_waited_for(as_, offer, ask, waves, state, ana, bob, pass_time):
    offer(bob, "Perceuse")
    now = clock.now()
    begins, ends = now - timedelta(hours=1), now + timedelta(hours=2)
    hours = {"from": begins.strftime("%H:%M"), "to": ends.strftime("%H:%M")}
    interests(as_, bob, quiet_hours=hours, time_zone="Etc/UTC")
    need = ask(ana)
    assert (waves(need), state(need)) == ([], "waiting")
    assert db.session.get_one(Ask, need).next_wave_at == ends.replace(second=0, microsecond=0)
    pass_time(hours=1, minutes=50)
    assert waves(need) == []
    pass_time(minutes=10)
    assert (waves(need), state(need)) == ([{"Bob B."}], "asking")


# Wave by wave


@pytest.fixture
def crowd(new_user, offer):
    """`crowd(20)`: so many neighbours around the corner with a drill each, by name."""

    def come(number: int, cell: str = people.BOB_CELL) -> list[User]:
        made = [new_user(f"N{cell[-7:]}{each}", home=cell) for each in range(number)]
        for each in made:
            offer(each, "Perceuse")
        return made

    return come


def test_waves_double_every_ten_minutes_until_all_were_asked(ask, waves, state, heard, ana, crowd, pass_time):
    crowd(20)
    need = ask(ana)
    assert list(map(len, waves(need))) == [5]
    pass_time(minutes=9)
    assert list(map(len, waves(need))) == [5]
    pass_time(minutes=1)
    assert list(map(len, waves(need))) == [5, 10]
    pass_time(minutes=10)
    assert (list(map(len, waves(need))), state(need)) == ([5, 10, 5], "asking")
    pass_time(minutes=10)
    assert (len(waves(need)), state(need)) == (3, "exhausted")
    id_ = db.session.get_one(Listing, need).id
    assert heard == [NeighboursAsked(id_, 1), NeighboursAsked(id_, 2), NeighboursAsked(id_, 3), AskExhausted(id_)]


def test_the_nearest_are_asked_first(ask, waves, ana, cleo, crowd, offer, pass_time):
    offer(cleo, "Perceuse")
    crowd(5)
    need = ask(ana)
    assert "Cleo C." not in waves(need)[0]
    pass_time(minutes=10)
    assert waves(need)[1] == {"Cleo C."}


def test_the_least_asked_of_a_cell_come_first(ask, waves, ana, crowd):
    crowd(10)
    first, second = ask(ana, "Perceuse un"), ask(ana, "Perceuse deux")
    assert waves(first)[0].isdisjoint(waves(second)[0])


def test_three_yeses_end_the_asking_and_a_no_instead_resumes_it(ask, tap, waves, state, ana, crowd, pass_time):
    neighbours = crowd(20)
    need = ask(ana)
    asked = [each for each in neighbours if each.display_name in waves(need)[0]]
    for each in asked[:3]:
        tap(each, need, "yes")
    assert (state(need), db.session.get_one(Ask, need).next_wave_at) == ("enough", None)
    pass_time(minutes=30)
    assert len(waves(need)) == 1
    tap(asked[0], need, "no")
    assert list(map(len, waves(need))) == [5, 10]
    assert state(need) == "asking"


def test_a_no_within_the_pause_resumes_after_it(ask, tap, waves, state, ana, crowd, pass_time):
    neighbours = crowd(20)
    need = ask(ana)
    for each in neighbours[:3]:
        tap(each, need, "yes")
    tap(neighbours[0], need, "no")
    assert (len(waves(need)), state(need)) == (1, "asking")
    pass_time(minutes=10)
    assert len(waves(need)) == 2


def test_more_helpers_need_more_yeses(as_, ask, tap, state, ana, crowd):
    neighbours = crowd(6)
    need = ask(ana, helpers_needed=2)
    for each in neighbours[:3]:
        tap(each, need, "yes")
    assert state(need) == "asking"
    tap(neighbours[3], need, "yes")
    assert state(need) == "enough"
    as_(ana).patch(f"/v1/listings/{need}", json={"helpers_needed": 5})
    assert state(need) == "asking"


def test_pausing_stops_and_resuming_goes_on_but_no_sooner_than_the_pause(
    as_, ask, waves, state, ana, crowd, run_jobs, pass_time
):
    crowd(20)
    need = ask(ana)
    as_(ana).post(f"/v1/listings/{need}/pause")
    assert state(need) == "stopped"
    pass_time(minutes=5)
    as_(ana).post(f"/v1/listings/{need}/resume")
    run_jobs()
    assert (len(waves(need)), state(need)) == (1, "asking")
    pass_time(minutes=5)
    assert len(waves(need)) == 2


@pytest.mark.parametrize("action", ["pause", "close", "fulfil"])
def test_nobody_is_asked_for_what_is_over(as_, ask, waves, state, ana, crowd, pass_time, action):
    crowd(20)
    need = ask(ana)
    as_(ana).post(f"/v1/listings/{need}/{action}", json={"how": "elsewhere"} if action == "fulfil" else None)
    pass_time(minutes=30)
    assert (len(waves(need)), state(need)) == (1, "stopped")


def test_the_end_of_the_need_ends_the_asking(ask, waves, state, ana, crowd, pass_time):
    crowd(20)
    until = (clock.now() + timedelta(minutes=5)).isoformat()
    need = ask(ana, needed_until=until)
    pass_time(minutes=10)
    assert (len(waves(need)), state(need)) == (1, "stopped")


def test_a_longer_need_is_asked_on(as_, ask, waves, state, ana, crowd, pass_time, run_jobs):
    crowd(20)
    need = ask(ana, needed_until=(clock.now() + timedelta(minutes=5)).isoformat())
    pass_time(minutes=10)
    as_(ana).patch(f"/v1/listings/{need}", json={"needed_until": (clock.now() + timedelta(days=1)).isoformat()})
    run_jobs()
    assert (len(waves(need)), state(need)) == (2, "asking")


def test_a_corrected_category_counts_from_the_next_wave_on(as_, offer, ask, waves, ana, bob, cleo, pass_time):
    offer(bob, "Perceuse")
    offer(cleo, "Roman", kind="item", category="books")
    need = ask(ana)
    as_(ana).patch(f"/v1/listings/{need}", json={"category": "books"})
    pass_time(minutes=10)
    assert waves(need) == [{"Bob B."}, {"Cleo C."}]


def test_a_job_that_runs_again_asks_nobody_twice(ask, waves, ana, crowd):
    """A crash after the commit runs the job once more: it finds the wave sent, and not due."""
    crowd(20)
    need = ask(ana)
    run_job("matching.send_wave", listing_id=need)
    assert list(map(len, waves(need))) == [5]


def test_a_wave_that_fails_half_way_is_sent_whole_the_next_time(as_, app, ana, crowd, run_jobs, waves, monkeypatch):
    """A crash before the commit leaves nothing behind."""
    crowd(6)
    need = as_(ana).post("/v1/listings", json={"title": "Une perceuse"}).json["id"]

    def fail(_event: object) -> None:
        raise RuntimeError("the power went out")

    monkeypatch.setattr("neighbourly.matching.service.asking.publish", fail)
    with pytest.raises(RuntimeError):
        run_job("matching.send_wave", listing_id=need)
    assert waves(need) == []
    monkeypatch.undo()
    run_jobs()
    assert list(map(len, waves(need))) == [5]


# In an empty place


def test_where_nobody_lives_the_need_stays_open_and_a_new_offer_wakes_it(
    ask, offer, waves, state, heard, ana, bob, run_jobs
):
    need = ask(ana)
    assert state(need) == "exhausted"
    offer(bob, "Perceuse")
    run_jobs()
    assert (waves(need), state(need)) == ([{"Bob B."}], "asking")
    id_ = db.session.get_one(Listing, need).id
    assert heard == [AskExhausted(id_), NeighboursAsked(id_, 1)]


def test_an_offer_of_something_else_wakes_nobody(ask, offer, waves, state, heard, ana, bob, run_jobs):
    need = ask(ana)
    offer(bob, "Roman policier", kind="item", category="books")
    assert "matching.send_wave" not in run_jobs()
    assert (waves(need), state(need), len(heard)) == ([], "exhausted", 1)


def test_an_interest_taken_later_is_asked_too(as_, ask, waves, ana, bob, run_jobs):
    need = ask(ana)
    interests(as_, bob, "power-drills")
    run_jobs()
    assert waves(need) == [{"Bob B."}]


def test_a_newcomer_to_the_place_hears_of_it(as_, offer, ask, waves, ana, stranger, run_jobs):
    offer(stranger, "Perceuse")
    need = ask(ana)
    assert waves(need) == []
    people.move(stranger, people.CLEO_CELL)
    db.session.commit()
    run_jobs()
    assert waves(need) == [{"Sam S."}]


def test_a_wider_radius_is_tried_at_once(as_, offer, ask, waves, state, ana, cleo, run_jobs):
    offer(cleo, "Perceuse")
    need = ask(ana, radius_m=500)
    assert state(need) == "exhausted"
    as_(ana).patch(f"/v1/listings/{need}", json={"radius_m": 2000})
    run_jobs()
    assert waves(need) == [{"Cleo C."}]


def test_who_may_be_asked_again_is_found_within_the_hour(
    app, as_, offer, ask, waves, state, heard, ana, bob, pass_time
):
    offer(bob, "Perceuse")
    interests(as_, bob, away_until=(clock.now() + timedelta(hours=3)).isoformat())
    need = ask(ana)
    for _ in range(2):
        run_job("matching.try_exhausted_again")
        assert (waves(need), state(need), len(heard)) == ([], "exhausted", 1)
        pass_time(hours=2)
    run_job("matching.try_exhausted_again")
    assert waves(need) == [{"Bob B."}]


def send_to_sleep(as_, user):
    """For six hours from now on."""
    now = clock.now()
    quiet = {"from": f"{now - timedelta(hours=2):%H:%M}", "to": f"{now + timedelta(hours=6):%H:%M}"}
    assert as_(user).patch("/v1/me/preferences", json={"quiet_hours": quiet, "time_zone": "UTC"}).status_code == 200


def test_while_all_who_are_left_sleep_who_comes_newly_is_asked_at_once(
    as_, offer, ask, waves, state, ana, bob, cleo, run_jobs
):
    """Nobody waits until the morning for somebody who is awake."""
    send_to_sleep(as_, bob)
    offer(bob, "Perceuse")
    need = ask(ana)
    assert (waves(need), state(need)) == ([], "waiting")
    offer(cleo, "Perceuse")
    run_jobs()
    assert waves(need) == [{"Cleo C."}]


def test_while_all_who_are_left_sleep_a_wider_radius_is_tried_at_once(as_, offer, ask, waves, ana, bob, cleo, run_jobs):
    send_to_sleep(as_, bob)
    offer(bob, "Perceuse")
    offer(cleo, "Perceuse")
    need = ask(ana, radius_m=500)
    as_(ana).patch(f"/v1/listings/{need}", json={"radius_m": 2000})
    run_jobs()
    assert waves(need) == [{"Cleo C."}]


def test_who_may_not_be_asked_hides_nobody_farther_away(as_, offer, ask, waves, monkeypatch, ana, bob, cleo):
    """However many offers they have: where none of the nearest may be asked, those beyond are looked at."""
    monkeypatch.setattr(finding, "OFFERS_WEIGHED", 2)
    interests(as_, bob, asks_per_week=0)
    for number in range(3):
        offer(bob, f"Perceuse {number}")
    offer(cleo, "Perceuse")
    assert waves(ask(ana)) == [{"Cleo C."}]


def divide_by_zero():
    db.session.execute(text("SELECT 1 / 0"))


def wait_too_long():
    db.session.execute(text("SET LOCAL statement_timeout = 20"))
    db.session.execute(text("SELECT pg_sleep(5)"))


def be_wrong():
    raise ValueError


@pytest.mark.parametrize(("go_wrong", "minutes"), [(divide_by_zero, 60), (be_wrong, 60), (wait_too_long, 1)])
def test_one_need_that_cannot_be_asked_around_for_holds_up_no_other(
    ask, state, monkeypatch, ana, pass_time, go_wrong, minutes
):
    """REL-08: it is tried again later, and soon where the database was only busy."""
    stuck = ask(ana, "Une perceuse", needed_until=end_of_day(clock.now()))
    other = ask(ana, "Une échelle")
    for need in (stuck, other):
        db.session.get_one(Ask, need).state = "waiting"
        db.session.get_one(Ask, need).next_wave_at = clock.now()
    db.session.commit()
    look = asking.selectors.list_askable

    def fail(need, now):
        if str(need.listing_id) == stuck:
            go_wrong()
        return look(need, now)

    monkeypatch.setattr(asking.selectors, "list_askable", fail)
    pass_time(minutes=1)
    assert (state(stuck), state(other)) == ("waiting", "exhausted")
    left = db.session.get_one(Ask, stuck).next_wave_at - clock.now()
    assert timedelta(minutes=minutes - 1) < left <= timedelta(minutes=minutes)
    monkeypatch.undo()
    pass_time(minutes=minutes)
    assert state(stuck) == "exhausted"


# Cheap


def test_publishing_writes_one_row_and_one_job(as_, ana, crowd, statements):
    crowd(5)
    asker = as_(ana)
    with statements() as seen:
        asker.post("/v1/listings", json={"title": "Une perceuse"})
    ours = [each for each in seen if "asks" in each or "asked" in each or "procrastinate" in each]
    assert len(ours) <= 3, ours  # is there an ask already; the ask; its job


def test_a_wave_takes_the_same_few_statements_however_many_live_there(as_, app, ana, crowd, statements):
    def count() -> int:
        need = as_(ana).post("/v1/listings", json={"title": "Une perceuse"}).json["id"]
        with statements() as seen:
            run_job("matching.send_wave", listing_id=need)
        return len([each for each in seen if "INSERT INTO notifications" not in each])

    crowd(1)
    few = count()
    crowd(12, people.CLEO_CELL)
    assert count() <= few


# Whom one knows, and how neighbours answer


def test_the_circle_is_asked_first_and_the_others_once_it_had_its_time(
    as_, offer, ask, waves, ana, bob, cleo, pass_time, later
):
    bring_back(ana, lendable(cleo, "Échelle"))
    offer(bob, "Perceuse")
    offer(cleo, "Perceuse")
    need = ask(ana, "Une perceuse", circle="known")
    assert waves(need) == [{"Cleo C."}]
    pass_time(minutes=10)
    assert waves(need) == [{"Cleo C."}, {"Bob B."}]


def test_whoever_one_met_years_ago_is_known_too(as_, offer, ask, waves, ana, bob, cleo, later):
    met = bring_back(ana, lendable(cleo, "Échelle"))
    met.created_at -= timedelta(days=800)
    db.session.commit()
    offer(bob, "Perceuse")
    offer(cleo, "Perceuse")
    assert waves(ask(ana, "Une perceuse", circle="known")) == [{"Cleo C."}]


@pytest.mark.parametrize("circle", ["everyone", "", 3])
def test_there_is_one_circle(as_, ana, circle):
    assert as_(ana).post("/v1/listings", json={"title": "Une perceuse", "circle": circle}).status_code == 422


def test_an_offer_has_no_circle(as_, ana):
    said = {"title": "Une perceuse", "direction": "offer", "circle": "known"}
    answer = as_(ana).post("/v1/listings", json=said)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/circle")


def test_habits_are_counted_nightly_by_neighbourhood(offer, ask, tap, ana, bob, cleo, own, pass_time):
    offer(bob, "Perceuse")
    offer(cleo, "Perceuse")
    need = ask(ana)
    db.session.get_one(Listing, need).neighbourhood_id = own.id
    db.session.commit()
    pass_time(minutes=7)
    tap(bob, need, "yes")
    run_job("matching.recount_habits")
    (habit,) = db.session.scalars(select(Habit))
    assert (habit.territory_id, habit.asked, habit.yeses, habit.median_minutes) == (own.id, 2, 1, 7)
    pass_time(days=31)
    run_job("matching.recount_habits")
    assert db.session.scalars(select(Habit)).all() == []
