"""LED-11: minutes do not come of two accounts that say yes to each other, and the pot stays the neighbourhood's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.exchanges import service
from neighbourly.territories.models import Territory
from neighbourly.timebank.models import TimeAccount
from tests import people
from tests.factories.exchanges import agree, bring_back, propose
from tests.factories.listings import actor, offer


@pytest.fixture
def newcomers(new_user, as_, neighbours):
    """Two accounts of today that say to live here."""
    return newcomer_at_home(new_user, as_, "Attila A."), newcomer_at_home(new_user, as_, "Brutus B.")


@pytest.fixture
def full_pot(new_user, as_, neighbours, give):
    """Ten neighbours shared an hour each."""
    for number in range(10):
        user = new_user(f"P{number} P.", home=people.BOB_CELL)
        as_(user).put("/v1/me/home", json={"cell": people.BOB_CELL})
        people.settle(user)
        assert give(user, None, 60).status_code == 201


@pytest.fixture
def lesson(ana, neighbours):
    """Ana teaches, where she lives."""
    return offer(ana, "Cours d'anglais", kind="skill", category=None)


@pytest.fixture
def ask_for(as_):
    """`ask_for(bob, lesson, 60)`: the answer to his proposal."""

    def post(user, listing, minutes, **more):
        body = {"listing_id": str(listing.id), "starts_at": soon(), "minutes": minutes} | more
        return as_(user).post("/v1/exchanges", json=body)

    return post


def newcomer_at_home(new_user, as_, name):
    """Somebody who says since a minute to live there."""
    user = new_user(name)
    as_(user).put("/v1/me/home", json={"cell": people.ANA_CELL})
    return user


def soon() -> str:
    return (clock.now() + timedelta(hours=2)).isoformat()


def in_pot(territory) -> int:
    return db.session.scalar(select(TimeAccount.balance_minutes).where(TimeAccount.territory_id == territory.id)) or 0


def test_two_fresh_accounts_turn_neither_the_pot_nor_nothing_into_minutes(
    newcomers, full_pot, neighbours, ask_for, as_, act, give, balances
):
    """LED-11: a first help of two hours, which an honest newcomer needs, is all that they make."""
    one, two = newcomers
    skill = offer(one, "Cours", kind="skill", category=None)
    for _ in range(6):
        made = ask_for(two, skill, 120)
        if made.status_code == 201:
            id = made.json["id"]
            as_(one).post(f"/v1/exchanges/{id}/accept", json={})
            as_(one).post(f"/v1/exchanges/{id}/done", json={})
            as_(two).post(f"/v1/exchanges/{id}/confirm", json={})
    assert balances(one, two) == [120, -120]
    assert in_pot(neighbours) == 600
    assert give(two, one, 1).json["code"] == "floor_reached"


def test_who_asks_hears_at_once_and_who_gives_hears_no_figure(ana, bob, lesson, ask_for, as_, give, cleo):
    """LED-11."""
    waiting = propose(bob, lesson, minutes=60)
    give(bob, cleo, 270)
    own = ask_for(bob, lesson, 60)
    assert (own.status_code, own.json["code"]) == (409, "floor_reached")
    assert "pot commun" in own.json["detail"]
    others = as_(ana).post(f"/v1/exchanges/{waiting.id}/accept", json={})
    assert (others.status_code, others.json["code"]) == (409, "floor_reached")
    assert not any(figure in others.text for figure in ("-270", "-300", "30"))
    assert as_(bob).get(f"/v1/exchanges/{waiting.id}").json["state"] == "proposed"


def test_a_help_as_a_gift_or_of_fewer_minutes_is_agreed_at_any_depth(bob, cleo, lesson, ask_for, give):
    """LED-11: asking stays easy."""
    give(bob, cleo, 270)
    assert ask_for(bob, lesson, 30).status_code == 201
    assert ask_for(bob, lesson, 60, as_gift=True).status_code == 201


def test_an_honest_newcomer_gets_a_first_help(new_user, as_, neighbours, lesson, helped, account):
    """LED-11: two hours from the first minute on."""
    nour = newcomer_at_home(new_user, as_, "Nour N.")
    assert account(nour)["floor_minutes"] == -120
    helped(nour, lesson, 120)
    assert account(nour)["balance_minutes"] == -120


def test_a_moderators_grant_is_the_tap_for_who_is_new(new_user, as_, neighbours, full_pot, lesson, grant, helped):
    """LED-11."""
    nour = newcomer_at_home(new_user, as_, "Nour N.")
    helped(nour, lesson, 120)
    assert grant(nour, 60).status_code == 201
    helped(nour, lesson, 60)


@pytest.mark.parametrize(("with_whom", "covered"), [((), False), (("ana",), False), (("ana", "cleo"), True)])
def test_the_pot_covers_who_has_dealt_with_different_people(
    request, bob, lesson, full_pot, give, cleo, ask_for, with_whom, covered
):
    """LED-11."""
    for name in with_whom:
        bring_back(bob, offer(request.getfixturevalue(name), "Échelle"))
    give(bob, cleo, 300)
    assert ask_for(bob, lesson, 30).status_code == (201 if covered else 409)


@pytest.mark.parametrize(("days", "status"), [(0, 409), (29, 409), (30, 201)])
def test_the_pot_covers_who_has_lived_there_for_a_month(
    bob, cleo, known, full_pot, lesson, give, ask_for, days, status
):
    """LED-11."""
    give(bob, cleo, 300)
    people.settle(bob, days)
    assert ask_for(bob, lesson, 30).status_code == status


def test_dealings_with_accounts_of_today_count_for_nothing(new_user, as_, bob, lesson, full_pot, give, cleo, ask_for):
    """LED-11."""
    for number in range(3):
        bring_back(bob, offer(newcomer_at_home(new_user, as_, f"Faux{number} F."), "Échelle"))
    give(bob, cleo, 300)
    assert ask_for(bob, lesson, 30).status_code == 409


def test_the_pot_pays_two_hours_a_month_and_no_pair_over_and_over(
    ana, bob, cleo, known, full_pot, lesson, neighbours, give, ask_for, helped, later
):
    """LED-11: two friends who have lived there for long get no more than that."""
    give(bob, cleo, 300)
    helped(bob, lesson, 120)
    assert ask_for(bob, lesson, 15).status_code == 409
    later(days=31)
    assert ask_for(bob, lesson, 15).status_code == 409, "the same two"
    assert in_pot(neighbours) == 480
    painting = offer(cleo, "Peinture", kind="skill", category=None)
    helped(bob, painting, 60)
    assert in_pot(neighbours) == 420


def test_a_neighbour_in_need_is_covered_for_a_year(
    new_user, as_, bob, cleo, known, neighbours, give, helped, later, moderator
):
    """LED-11: an hour a month, by whoever has time."""
    givers = [new_user(f"G{number} G.", home=people.ANA_CELL) for number in range(4)]
    for each in givers:
        as_(each).put("/v1/me/home", json={"cell": people.ANA_CELL})
        people.settle(each)
    for month in range(12):
        for each in givers:
            give(each, None, 15)
        if as_(bob).get("/v1/me/timebank").json["balance_minutes"] > -300:
            give(bob, cleo, 300)
        giver = givers[month % 4]
        helped(bob, offer(giver, f"Courses {month}", kind="skill", category=None), 60)
        later(days=30)
    assert as_(bob).get("/v1/me/timebank").json["balance_minutes"] == -300


def test_giving_back_a_covered_help_returns_the_pots_part_to_the_pot(
    ana, bob, cleo, known, full_pot, lesson, neighbours, give, helped, reverse, lines, balances
):
    """LED-11: once, and the ledger only grows."""
    give(bob, cleo, 280)
    helped(bob, lesson, 60)
    assert (in_pot(neighbours), balances(ana, bob)) == (560, [60, -300])
    help_id = next(each["transfer_id"] for each in lines(ana) if each["kind"] == "help")
    assert reverse(ana, help_id).status_code == 201
    assert (in_pot(neighbours), balances(ana, bob)) == (600, [0, -280])
    assert reverse(ana, help_id).json["code"] == "already_reversed"
    assert [(each["kind"], each["minutes"]) for each in lines(bob)[:2]] == [("reversal", -40), ("reversal", 60)]


@pytest.fixture
def deep(app):
    """A neighbourhood with the deepest floor that there may be."""
    territory = Territory(id=new_id(), code="deep", name="Fond", finest_resolution=9, floor_minutes=-6000)
    db.session.add(territory)
    db.session.commit()
    return territory


@pytest.mark.parametrize(("days", "floor"), [(0, -300), (29, -300), (30, -6000)])
def test_a_home_of_a_minute_lends_no_floor(bob, account, deep, days, floor):
    """LED-11: until somebody has lived there for a month it is the installation's."""
    bob.created_at = clock.now() - timedelta(days=400)
    home = db.session.get_one(people.Home, bob.id)
    home.neighbourhood_id = deep.id
    people.settle(bob, days)
    assert account(bob)["floor_minutes"] == floor


def test_more_minutes_than_agreed_are_looked_at_like_an_acceptance(ana, bob, cleo, lesson, give, act, balances):
    """LED-11: what was agreed is confirmed whatever happens (LED-04), the rest only where it reaches."""
    exchange = agree(bob, lesson, minutes=60)
    give(bob, cleo, 240)
    act(ana, exchange, "done", minutes=600)
    refused = act(bob, exchange, "confirm", minutes=600)
    assert (refused.status_code, refused.json["code"]) == (409, "floor_reached")
    assert act(bob, exchange, "confirm", minutes=60).status_code == 200
    assert balances(ana, bob) == [60, -300]


def test_more_minutes_that_reach_are_confirmed_as_before(ana, bob, lesson, act, balances, account):
    """LED-08."""
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done", minutes=300)
    assert act(bob, exchange, "confirm").status_code == 200
    assert (balances(ana, bob), account(bob)["pending_minutes"]) == ([300, -300], 0)


def test_helps_that_lapsed_are_not_declared_all_at_once(ana, bob, lesson, act, later, balances):
    """LED-11: agreed, lapsed, agreed again: the floor would be passed by as much as one likes."""
    lapsed = []
    for _ in range(2):
        lapsed.append(agree(bob, lesson, minutes=300))
        later(days=9)
    said = [act(user, exchange, "done").status_code for user, exchange in zip((ana, bob), lapsed, strict=True)]
    assert said == [200, 409]
    act(bob, lapsed[0], "confirm")
    assert balances(ana, bob) == [300, -300]


def test_a_yes_that_is_chosen_at_once_is_looked_at_too(ana, bob, cleo, give, as_):
    """LED-11."""
    need = (
        as_(bob)
        .post("/v1/listings", json={"title": "Un cours d'anglais", "kind": "time", "direction": "request"})
        .json["id"]
    )
    as_(ana).post(f"/v1/listings/{need}/answers", json={"answer": "yes"})
    answer = as_(bob).get(f"/v1/listings/{need}/answers").json["items"][0]["id"]
    give(bob, cleo, 280)
    body = {"answer_id": answer, "starts_at": soon(), "minutes": 60}
    assert as_(bob).post("/v1/exchanges", json=body).json["code"] == "floor_reached"
    assert as_(bob).post("/v1/exchanges", json=body | {"minutes": 20}).status_code == 201


def test_a_counter_of_the_receivers_is_looked_at_and_a_givers_waits_for_them(ana, bob, cleo, lesson, give, act):
    """LED-11."""
    exchange = propose(bob, lesson, minutes=60)
    give(bob, cleo, 200)
    times = {"starts_at": soon(), "ends_at": (clock.now() + timedelta(hours=6)).isoformat()}
    assert act(ana, exchange, "counter", **times).status_code == 200
    assert act(bob, exchange, "accept").json["code"] == "floor_reached"
    later = {"starts_at": soon(), "ends_at": (clock.now() + timedelta(hours=5, minutes=30)).isoformat()}
    assert act(bob, exchange, "counter", **later).json["code"] == "floor_reached"
    assert act(bob, exchange, "decline").status_code == 200


class TestThePotsPage:
    """LED-11: sums are for its neighbours, names and memos for the person and the moderators alone."""

    MEMO = "RSA, malade depuis mars"

    @pytest.fixture
    def path(self, neighbours, full_pot, grant, bob):
        """Bob received a grant, with a memo."""
        assert grant(bob, 30, memo=self.MEMO).status_code == 201
        return f"/v1/neighbourhoods/{neighbours.id}/pot"

    def test_who_says_since_a_minute_to_live_there_reads_nothing(self, as_, stranger, newcomers, path):
        """LED-11."""
        assert as_(stranger).get(path).json["code"] == "forbidden"
        refused = as_(newcomers[0]).get(path)
        assert (refused.status_code, refused.json["code"]) == (403, "pot_of_settled_neighbours")
        as_(stranger).put("/v1/me/home", json={"cell": people.ANA_CELL})
        assert as_(stranger).get(path).status_code == 403

    def test_neighbours_read_sums(self, as_, cleo, path):
        """LED-11: no name, no memo, and no line of anybody else's."""
        read = as_(cleo).get(path)
        assert (read.json["balance_minutes"], read.json["entries"]["items"]) == (570, [])
        assert read.json["months"][0]["by_kind"] == {"grant": -30, "share": 600}
        assert not any(word in read.text for word in ("Bob", "RSA", "P0"))

    def test_the_person_and_who_governs_read_the_line(self, as_, bob, moderator, path):
        """LED-11."""
        (own,) = as_(bob).get(path).json["entries"]["items"]
        assert (own["kind"], own["minutes"], own["memo"]) == ("grant", -30, self.MEMO)
        governed = as_(moderator).get(path).json["entries"]["items"]
        assert (len(governed), governed[0]["other"]["name"], governed[0]["memo"]) == (11, "Bob B.", self.MEMO)


def test_a_covered_help_is_read_by_who_was_covered_alone(
    as_, ana, bob, cleo, known, full_pot, lesson, neighbours, give, helped
):
    """LED-11: not even by who gave it."""
    give(bob, cleo, 300)
    helped(bob, lesson, 30)
    path = f"/v1/neighbourhoods/{neighbours.id}/pot"
    kinds = [[each["kind"] for each in as_(user).get(path).json["entries"]["items"]] for user in (ana, cleo, bob)]
    assert kinds == [[], [], ["cover"]]


def test_what_an_erased_neighbour_was_covered_stays_in_the_sum(ana, bob, cleo, known, full_pot, lesson, give, as_):
    """LED-10, LED-11: an agreed help that is covered gives the pot its promise back when somebody leaves."""
    give(bob, cleo, 300)
    exchange = agree(bob, lesson, minutes=30)
    service.part(user_id=bob.id)
    db.session.commit()
    assert as_(ana).get(f"/v1/exchanges/{exchange.id}").json["state"] == "cancelled"
    pending = select(TimeAccount.pending_minutes).where(TimeAccount.territory_id.is_not(None))
    assert db.session.scalars(pending).all() == [0]
    assert actor(bob).id == bob.id
