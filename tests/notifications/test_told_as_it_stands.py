"""What is told is so at the moment of telling and at that of sending, whatever happened in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from neighbourly.accounts.models import User
from neighbourly.answers.models import Answer
from neighbourly.bookings.models import Waiting
from neighbourly.bookings.selectors import TURN
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.exchanges import service as exchanges
from neighbourly.exchanges.events import ProposalOvertaken
from neighbourly.exchanges.models import STATES, Exchange
from neighbourly.listings.models import STATUSES, Listing
from neighbourly.matching.models import Ask
from neighbourly.notifications import service
from neighbourly.notifications.catalogue import CATALOGUE
from neighbourly.notifications.exchange_types import EXCHANGE_TYPES
from neighbourly.notifications.models import Delivery, Notification
from neighbourly.notifications.other_words import OTHER_WORDS
from neighbourly.notifications.plans import states_of
from tests import databases, people
from tests.databases import run_job
from tests.factories.exchanges import agree, day, lend, propose
from tests.factories.listings import actor, offer
from tests.factories.listings import ask as ask_for

OF_NEITHER = {"minutes_received", "moderation_case"}
OF_LISTINGS = sorted({*CATALOGUE, "waiting_turn"} - {*EXCHANGE_TYPES, *OF_NEITHER} | {"waiting_turn"})
OF_EXCHANGES = sorted(set(EXCHANGE_TYPES) - {"waiting_turn", "moderation_case"})
MOMENTS = [(name, None) for name in OF_EXCHANGES] + sorted(key for key in OTHER_WORDS if key[0] in OF_EXCHANGES)


@pytest.fixture(scope="module")
def pair(module_app):
    """Ana, who has a drill and asks for a ladder, and Bob, who has a phone and would like the drill."""
    ana, bob = people.make("Ana A.", home=people.ANA_CELL), people.make("Bob B.", home=people.BOB_CELL)
    device = {"fcm_token": "bob-phone", "platform": "android"}
    for user, name in ((ana, "ana-phone"), (bob, "bob-phone")):
        body = device | {"fcm_token": name}
        assert people.sign_in(module_app, user).put(f"/v1/me/devices/{name}", json=body).status_code == 201
    return ana.id, bob.id, offer(ana).id, ask_for(ana, "Une échelle").id


@pytest.fixture
def app(module_app, pair):
    with databases.apart(module_app):
        yield module_app


@pytest.fixture
def ana(app, pair):
    return db.session.get_one(User, pair[0])


@pytest.fixture
def bob(app, pair):
    return db.session.get_one(User, pair[1])


@pytest.fixture
def drill(app, pair):
    return db.session.get_one(Listing, pair[2])


@pytest.fixture
def need(app, pair):
    return db.session.get_one(Listing, pair[3])


def states_in_which_it_is_told(type_name, variant, table, row_id, states, **about):
    """Put the row into each state, tell, and see in which a row of the inbox was written."""
    column = table.state if table is Exchange else table.status
    for state in states:
        db.session.execute(update(table).where(table.id == row_id).values({column: state}))
        figures = {"variant": variant} if variant else {}
        service.tell(type_name=type_name, people={about["to"]: figures}, about=state, **about["what"])
    keys = db.session.scalars(select(Notification.key).where(Notification.type == type_name))
    return {key.rpartition(":")[2] for key in keys}


@pytest.mark.parametrize(("type_name", "variant"), MOMENTS)
def test_of_an_exchange_only_what_is_so_as_it_is_written_is_told(bob, drill, type_name, variant):
    exchange = propose(bob, drill)
    db.session.execute(Notification.__table__.delete())
    what = {"exchange_id": exchange.id, "listing_id": drill.id}
    told = states_in_which_it_is_told(type_name, variant, Exchange, exchange.id, STATES, to=bob.id, what=what)
    assert told == set(STATES) & states_of(type_name, variant)


@pytest.mark.parametrize("type_name", OF_LISTINGS)
def test_of_a_listing_only_what_is_so_as_it_is_written_is_told(bob, need, type_name):
    db.session.execute(Notification.__table__.delete())
    statuses = [each for each in STATUSES if each != "draft"]
    told = states_in_which_it_is_told(
        type_name, None, Listing, need.id, statuses, to=bob.id, what={"listing_id": need.id}
    )
    assert told == set(statuses) & states_of(type_name, None)


def test_a_late_look_tells_nothing_of_who_has_got_it(ana, bob, drill):
    """BOK-06: "somebody else will have it" went to the one who got it."""
    exchange = agree(bob, drill)
    publish(ProposalOvertaken(exchange.id))
    told = select(Notification.type).where(Notification.user_id == bob.id)
    assert "item_unavailable" not in set(db.session.scalars(told))


# What happens between the telling and the sending: (what is told to whom, what happened, whether it is sent).


def tell(user, type_name, exchange=None, listing=None, **figures):
    db.session.execute(Notification.__table__.delete())
    what = {"listing_id": listing.id} if listing is not None else {}
    what |= {"exchange_id": exchange.id, "listing_id": exchange.listing_id} if exchange is not None else {}
    service.tell(type_name=type_name, people={user.id: figures}, about="it", **what)
    db.session.commit()
    assert db.session.scalars(select(Delivery.state)).all() == ["waiting"]


def is_sent() -> bool:
    run_job("notifications.deliver")
    db.session.expire_all()
    return {"sent": True, "dropped": False}[db.session.scalars(select(Delivery.state)).one()]


@pytest.mark.parametrize("countered", [False, True])
def test_a_proposal_that_was_answered_by_another_does_not_ring(ana, bob, drill, countered):
    exchange = propose(bob, drill)
    tell(ana, "exchange_proposed", exchange, when=exchange.starts_at.isoformat())
    if countered:
        times = {"starts_at": day(4), "ends_at": day(5)}
        exchanges.counter_exchange(actor=actor(ana), exchange_id=exchange.id, **times)
        db.session.execute(Notification.__table__.delete().where(Notification.user_id == bob.id))
    assert is_sent() is not countered


@pytest.mark.parametrize("moved", [False, True])
def test_a_return_that_is_due_later_by_now_does_not_ring(bob, drill, moved):
    loan = lend(bob, drill)
    tell(bob, "return_due", loan, when=loan.ends_at.isoformat())
    if moved:
        later = {"ends_at": loan.ends_at + timedelta(days=2)}
        db.session.execute(update(Exchange).where(Exchange.id == loan.id).values(later))
    assert is_sent() is not moved


@pytest.mark.parametrize("mended", [False, True])
def test_what_broke_and_was_mended_in_the_night_rings_nobody(bob, drill, mended):
    loan = agree(bob, drill)
    tell(bob, "item_unavailable", loan)
    if mended:
        told = {"type_name": "item_back", "people": {bob.id: {}}, "about": "again", "silently": True}
        service.tell(**told, exchange_id=loan.id, listing_id=drill.id)
    assert is_sent() is not mended


@pytest.mark.parametrize("let_go", [False, True])
def test_what_was_taken_and_is_free_again_rings_nobody(new_user, bob, drill, let_go):
    wish, rival = propose(bob, drill), new_user("Cleo C.", home=people.CLEO_CELL)
    other = agree(rival, drill)
    tell(bob, "item_unavailable", wish, variant="taken")
    if let_go:
        exchanges.cancel_exchange(actor=actor(rival), exchange_id=other.id)
        db.session.execute(Notification.__table__.delete().where(Notification.user_id != bob.id))
    assert is_sent() is not let_go


@pytest.mark.parametrize("found", [False, True])
def test_that_nobody_is_left_is_not_said_once_somebody_is(ana, need, found):
    db.session.merge(Ask(listing_id=need.id, state="exhausted", wave=1, next_wave_at=None))
    tell(ana, "ask_exhausted", listing=need)
    if found:
        db.session.execute(update(Ask).where(Ask.listing_id == need.id).values(state="asking"))
    assert is_sent() is not found


@pytest.mark.parametrize("state", ["asking", "exhausted"])
def test_of_a_need_that_was_drawn_near_meanwhile_no_push_says_how_it_stands(ana, need, state):
    """LOC-12: whether it still comes in the morning would tell whether somebody lives in the small circle."""
    db.session.merge(Ask(listing_id=need.id, state="exhausted", wave=1, next_wave_at=None))
    tell(ana, "ask_exhausted", listing=need)
    need.radius_m = 300
    db.session.execute(update(Ask).where(Ask.listing_id == need.id).values(state=state))
    assert not is_sent()


@pytest.mark.parametrize("settled", [False, True])
def test_nobody_is_asked_for_a_need_that_has_its_helpers(new_user, ana, bob, need, settled):
    """BOK-09: agreed is enough."""
    tell(bob, "request_nearby", listing=need)
    if settled:
        exchange = propose(new_user("Cleo C.", home=people.CLEO_CELL), need, ends_at=day(3))
        values = {"state": "accepted", "request_id": need.id}
        db.session.execute(update(Exchange).where(Exchange.id == exchange.id).values(values))
        db.session.execute(Notification.__table__.delete().where(Notification.user_id == ana.id))
    assert is_sent() is not settled


@pytest.mark.parametrize("left", [False, True])
def test_a_turn_that_was_given_up_does_not_ring(bob, drill, left):
    asked_at = clock.now()
    db.session.add(Waiting(listing_id=drill.id, user_id=bob.id, asked_at=asked_at))
    tell(bob, "waiting_turn", listing=drill, when=(asked_at + TURN).isoformat())
    if left:
        db.session.execute(Waiting.__table__.delete())
    assert is_sent() is not left


@pytest.mark.parametrize("answer", [None, "yes"])
def test_who_has_answered_meanwhile_is_not_asked(bob, need, answer):
    tell(bob, "request_nearby", listing=need)
    if answer:
        db.session.add(Answer(listing_id=need.id, user_id=bob.id, answer=answer))
        db.session.commit()
    assert is_sent() is (answer is None)
