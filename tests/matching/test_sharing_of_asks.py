"""MAT-04: the right to be asked is shared among those who ask; the attacker's way, and beside it the honest one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from neighbourly.accounts.models import User
from neighbourly.core import cells, clock
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from neighbourly.matching.models import Ask, Asked
from neighbourly.matching.rule import ASKS_A_DAY, ASKS_PER_WEEK, NEEDS_AT_ONCE, OPEN_YESES
from tests import people
from tests.databases import run_job
from tests.factories.exchanges import bring_back
from tests.factories.listings import offer as lendable

THINGS = ["perceuse", "échelle", "tondeuse", "vélo", "raclette", "poussette", "tente", "guitare", "scie", "ponceuse"]
THINGS += ["projecteur", "broyeur", "remorque", "livres", "barbecue", "chaises"]
APART = ["vélo", "raclette", "poussette", "guitare", "perceuse"]
"""Of five families."""


@pytest.fixture
def street(new_user, offer):
    """Twenty neighbours around the corner, each with one of ten things."""
    neighbours = [new_user(f"N{number}", home=people.BOB_CELL) for number in range(20)]
    for number, each in enumerate(neighbours):
        offer(each, THINGS[number % 10].capitalize(), kind="item")
    return neighbours


def asked_for(user) -> int:
    return db.session.scalar(select(func.count()).select_from(Asked).where(Asked.asker_id == user.id)) or 0


def asking(as_, user, need, language="fr"):
    return as_(user).get(f"/v1/listings/{need}", headers={"Accept-Language": language}).json["asking"]


def codes(seen):
    return [each["code"] for each in seen["suggestions"]]


def flood(as_, user, run_jobs, number=40, things=THINGS):
    """Many needs at once, as far and for as many helpers as may be said."""
    needs = []
    for each in range(number):
        said = {"title": f"Je cherche {things[each % len(things)]}", "radius_m": 50_000, "helpers_needed": 20}
        answer = as_(user).post("/v1/listings", json=said)
        assert answer.status_code == 201, "asking is never refused"
        needs.append(answer.json["id"])
    run_jobs()
    return needs


# Forty needs by one account, and an honest need beside it


def test_forty_needs_of_one_account_leave_everyone_elses_turn(as_, ask, street, ana, cleo, run_jobs, pass_time):
    """MAT-04: a share of the asks is all they take, and a need beside them is asked at once, whoever was taken."""
    flood(as_, ana, run_jobs)
    assert asked_for(ana) <= ASKS_PER_WEEK
    need = ask(cleo, "Je cherche une ponceuse")
    drill = ask(cleo, "Je cherche une perceuse")
    assert asking(as_, cleo, need)["asked"] >= 1
    assert asking(as_, cleo, drill)["asked"] >= 1
    for _ in range(12):
        pass_time(minutes=10)
    assert asked_for(ana) <= ASKS_PER_WEEK
    for _ in range(5):
        pass_time(days=1)
    assert asked_for(ana) <= ASKS_PER_WEEK + 5 * ASKS_A_DAY, "nor in a week"


def test_asks_of_a_week_are_not_had_anew_by_asking_anew(as_, street, ana, run_jobs):
    """MAT-04: closed, deleted and written again, it is the same week."""
    for _ in range(5):
        for need in flood(as_, ana, run_jobs, number=4):
            as_(ana).delete(f"/v1/listings/{need}")
    assert asked_for(ana) <= ASKS_PER_WEEK


def test_what_waits_for_ones_other_needs_says_so_and_follows_by_itself(as_, street, state, ana, run_jobs, pass_time):
    needs = flood(as_, ana, run_jobs, NEEDS_AT_ONCE + 1, APART)
    held = [each for each in needs if db.session.get_one(Ask, each).waits_for]
    assert len(held) == 1
    seen = asking(as_, ana, held[0])
    assert (seen["state"], seen["asked"], seen["next_wave_at"]) == ("waiting", 0, None)
    assert codes(seen)[0] == "other_needs_first"
    assert "other needs" in asking(as_, ana, held[0], "en")["suggestions"][0]["text"]
    other = next(each for each in needs if each not in held)
    as_(ana).post(f"/v1/listings/{other}/close")
    run_jobs()
    assert (asking(as_, ana, held[0])["state"], state(other)) == ("asking", "stopped")
    assert asking(as_, ana, held[0])["asked"] >= 1


def test_a_waiting_need_that_nobody_can_meet_lets_the_next_one_pass(as_, street, state, ana, run_jobs):
    """MAT-04: what turns out to be exhausted when its turn comes holds up no other for hours."""
    things = [*APART[:NEEDS_AT_ONCE], "contrebasse", APART[NEEDS_AT_ONCE]]
    needs = flood(as_, ana, run_jobs, len(things), things)
    unmet, met = needs[NEEDS_AT_ONCE:]
    assert [db.session.get_one(Ask, each).waits_for for each in (unmet, met)] == ["other_needs"] * 2
    as_(ana).post(f"/v1/listings/{needs[0]}/close")
    run_jobs()
    assert state(unmet) == "exhausted"
    assert asking(as_, ana, met)["asked"] >= 1


def test_a_waiting_need_goes_on_though_nobody_told_it(as_, street, ana, run_jobs, pass_time):
    """A job lost in a crash is made good by the sweep."""
    needs = flood(as_, ana, run_jobs, NEEDS_AT_ONCE + 1, APART)
    (held,) = [each for each in needs if db.session.get_one(Ask, each).waits_for]
    for each in needs:
        if each != held:
            db.session.get_one(Ask, each).state = "enough"
    db.session.commit()
    pass_time(hours=3, minutes=1)
    assert asking(as_, ana, held)["asked"] >= 1


def test_what_waits_for_the_week_says_until_when_and_goes_on_a_day_later(as_, new_user, offer, ask, ana, pass_time):
    """MAT-04: in a village one person may have asked all that goes out in a week, and is not stuck."""
    for number in range(30):
        offer(new_user(f"V{number}", home=people.BOB_CELL), ("Perceuse", "Raclette")[number % 2], kind="item")
    first = ask(ana, "Une perceuse")
    second = ask(ana, "Une raclette")
    for _ in range(3):
        pass_time(minutes=10)
    assert asked_for(ana) == ASKS_PER_WEEK
    waiting = next(each for each in (first, second) if db.session.get_one(Ask, each).waits_for == "week")
    seen = asking(as_, ana, waiting)
    assert (seen["state"], codes(seen)[0]) == ("waiting", "asked_later")
    assert seen["next_wave_at"] is not None
    assert db.session.get_one(Ask, waiting).next_wave_at > clock.now() + timedelta(hours=23)
    pass_time(days=1)
    assert asked_for(ana) == ASKS_PER_WEEK + ASKS_A_DAY, "nobody waits for a week"


def test_one_need_alone_is_asked_as_before(as_, new_user, offer, ask, waves, ana, pass_time):
    """MAT-04: the honest asker of one thing is asked around as before, with no step more."""
    for number in range(80):
        offer(new_user(f"V{number}", home=people.BOB_CELL), "Perceuse")
    need = ask(ana)
    for _ in range(3):
        pass_time(minutes=10)
    assert list(map(len, waves(need))) == [5, 10, 20, 40]


def test_the_second_need_of_a_week_is_asked_at_once(as_, new_user, offer, ask, waves, ana, pass_time):
    for number in range(40):
        offer(new_user(f"V{number}", home=people.BOB_CELL), ("Perceuse", "Raclette")[number % 2], kind="item")
    ask(ana, "Une perceuse")
    pass_time(minutes=10)
    assert asked_for(ana) == 15
    assert list(map(len, waves(ask(ana, "Une raclette")))) == [3]


def test_the_last_ask_of_somebodys_week_is_for_who_asks_little(as_, offer, ask, street, ana, bob, cleo, run_jobs):
    as_(bob).patch("/v1/me/preferences", json={"asks_per_week": 1})
    offer(bob, "Appareil à raclette", kind="item")
    flood(as_, ana, run_jobs, number=4)
    assert asked_for(ana) >= 6
    as_(ana).post("/v1/listings", json={"title": "Appareil à raclette", "kind": "item"})
    run_jobs()
    mine = select(Asked.asker_id).where(Asked.user_id == bob.id)
    assert db.session.scalars(mine).all() == []
    ask(cleo, "Appareil à raclette")
    assert db.session.scalars(mine).all() == [cleo.id]


def test_nobody_is_asked_three_times_a_day(as_, ask, street, ana, cleo, new_user, run_jobs):
    """One more for who asks little: not two."""
    flood(as_, ana, run_jobs)
    for number in range(4):
        ask(new_user(f"H{number}", home=people.CLEO_CELL), "Je cherche une perceuse")
    most = select(func.count()).select_from(Asked).group_by(Asked.user_id).order_by(func.count().desc()).limit(1)
    assert db.session.scalar(most) == 2


def test_a_new_account_asks_near_by_and_farther_after_each_neighbour_met(as_, new_user, offer, ask, waves, ana, later):
    """MAT-04: a radius of 50 km is used as far as what took place allows."""
    for number in range(51):
        new_user(f"C{number}", home=people.ANA_CELL)
    far = new_user("Fara F.", home=cells.snap(43.6020 + 0.027, 1.4480))
    as_(far).patch("/v1/me/preferences", json={"radius_m": 50_000})
    offer(far, "Perceuse")
    run_job("preferences.renew_radii")
    first = ask(ana, radius_m=50_000)
    assert (waves(first), codes(asking(as_, ana, first))[2]) == ([], "near_first")
    bring_back(ana, lendable(far, "Échelle"))
    assert waves(ask(ana, "Une perceuse à béton", radius_m=50_000)) == [{"Fara F."}]


# What is enough


@pytest.fixture
def empty(new_user):
    """Three accounts without a thing, far from the need, though it shows there."""
    return [new_user(f"Faux{number}", home=cells.snap(43.75, 1.30)) for number in range(3)]


def test_three_empty_yeses_end_no_asking(as_, street, ask, tap, state, empty, ana):
    """MAT-04: they are answers, and no reason to ask nobody."""
    need = as_(ana).post("/v1/listings", json={"title": "Une échelle de 4 m"}).json["id"]
    for each in empty:
        tap(each, need, "yes")
    seen = asking(as_, ana, need)
    assert (seen["state"], seen["asked"], seen["yes"]) == ("asking", 5, 3)
    assert len(as_(ana).get(f"/v1/listings/{need}/answers").json["items"]) == 3


def test_a_yes_that_fits_from_beyond_the_radius_ends_no_asking(as_, street, ask, tap, state, offer, empty, ana):
    need = as_(ana).post("/v1/listings", json={"title": "Une échelle de 4 m", "radius_m": 2000}).json["id"]
    for each in empty:
        offer(each, "Échelle")
        tap(each, need, "yes")
    assert state(need) == "asking"


def test_yeses_of_neighbours_who_have_it_are_enough_though_nobody_asked_them(as_, street, tap, state, ana):
    """The honest who saw it in the list, by the same features by which they would have been asked."""
    need = as_(ana).post("/v1/listings", json={"title": "Une échelle"}).json["id"]
    with_ladders = [each for number, each in enumerate(street) if number % 10 == 1]
    for each in with_ladders:
        as_(each).post(f"/v1/listings/{need}/answers", json={"answer": "yes"})
    as_(street[0]).patch("/v1/me/preferences", json={"interests": ["ladders"]})
    as_(street[0]).post(f"/v1/listings/{need}/answers", json={"answer": "yes"})
    assert state(need) == "enough"


def test_ten_yeses_of_one_person_may_wait(as_, new_user, ask, street, ana, bob, run_jobs):
    """MAT-04: the next waits for one to be settled; a no is always free, and makes room."""
    needs = [
        as_(new_user(f"A{number}", home=people.ANA_CELL)).post("/v1/listings", json={"title": "Une échelle"}).json["id"]
        for number in range(OPEN_YESES + 2)
    ]

    def say(need, answer, **more):
        return as_(bob).post(f"/v1/listings/{need}/answers", json={"answer": answer, **more})

    for number, need in enumerate(needs[:OPEN_YESES]):
        assert say(need, "later" if number % 2 else "yes").status_code == 201
    for answer in ("yes", "later"):
        refused = say(needs[OPEN_YESES], answer)
        assert (refused.status_code, refused.json["code"]) == (409, "too_many_open_answers")
    assert say(needs[0], "yes", message="Avec plaisir.").status_code == 200, "what waits may be changed"
    assert say(needs[OPEN_YESES], "no").status_code == 201
    assert say(needs[OPEN_YESES], "yes").status_code == 409, "by way of a no neither"
    assert say(needs[1], "no").status_code == 200
    assert say(needs[OPEN_YESES], "yes").status_code == 200
    owner = db.session.get_one(User, db.session.get_one(Listing, needs[2]).owner_id)
    as_(owner).post(f"/v1/listings/{needs[2]}/close")
    assert say(needs[OPEN_YESES + 1], "yes").status_code == 201


def test_a_promise_that_falls_through_asks_on(as_, street, ask, tap, state, waves, ana, pass_time):
    """MAT-04: who is chosen and cancels stops nobody's asking."""
    need = ask(ana, "Une échelle")
    (first, *_) = [each for each in street if each.display_name in waves(need)[0]]
    tap(first, need, "yes")
    (answer,) = as_(ana).get(f"/v1/listings/{need}/answers").json["items"]
    times = {"starts_at": str(clock.now() + timedelta(hours=5)), "ends_at": str(clock.now() + timedelta(hours=9))}
    chosen = as_(ana).post("/v1/exchanges", json={"answer_id": answer["id"], **times}).json
    assert (chosen["state"], state(need)) == ("accepted", "enough")
    assert as_(first).post(f"/v1/exchanges/{chosen['id']}/cancel", json={}).json["state"] == "cancelled"
    assert state(need) == "asking"


def test_offers_in_bulk_wake_needs_once_a_day(as_, offer, ask, waves, ana, bob, cleo, run_jobs):
    """MAT-04: who offers a hundred things is asked once, and puts the needs around no more often."""
    ask(ana, "Une perceuse"), ask(cleo, "Une perceuse")
    offer(bob, "Perceuse")
    assert "matching.send_wave" in run_jobs()
    for number in range(3):
        offer(bob, f"Perceuse {number}")
    assert "matching.send_wave" not in run_jobs()
    run_job("matching.try_exhausted_again")
