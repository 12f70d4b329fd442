"""SEC-02, TST-01: every route against every kind of caller; a route that is missing here turns this red."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from neighbourly.accounts.models import Block, Session, User
from neighbourly.accounts.terms import TERMS_VERSION
from neighbourly.answers.models import Answer
from neighbourly.core import clock
from neighbourly.core.api.blueprint import CONTRACTS
from neighbourly.core.db import db
from neighbourly.devices.models import Device
from neighbourly.exchanges import service
from neighbourly.exchanges.models import Exchange
from neighbourly.listings import service as listings
from neighbourly.notifications.models import Notification
from neighbourly.preferences.models import SavedSearch
from neighbourly.territories.models import Territory
from neighbourly.thanks import service as thanks
from neighbourly.timebank import service as timebank
from tests import databases, people
from tests.factories.exchanges import agree, bring_back, dispute, lend, propose
from tests.factories.listings import actor
from tests.factories.listings import offer as make_offer

CALLERS = (
    "anonymous",
    "owner",
    "neighbour",
    "stranger",
    "blocked",
    "moderator_here",
    "moderator_elsewhere",
    "admin",
    "suspended",
    "erased",
)
SHUT_OUT = ("anonymous", "suspended", "erased")
SIGNED_IN = tuple(each for each in CALLERS if each not in SHUT_OUT)
SEEING = tuple(each for each in SIGNED_IN if each != "blocked")


@dataclass(frozen=True)
class Row:
    """How to call a route, and what each caller gets; who is not named gets `others`, the shut out 401."""

    path: str
    body: Mapping[str, Any] | None = None
    expected: Mapping[str, int] = field(default_factory=dict)
    others: int = 200
    shut_out: int = 401

    def status_for(self, caller: str) -> int:
        """The status that this caller must get."""
        return self.expected.get(caller, self.shut_out if caller in SHUT_OUT else self.others)


def public(path: str, body: Mapping[str, Any] | None = None, status: int = 200) -> Row:
    """The same for everyone."""
    return Row(path, body, others=status, shut_out=status)


def own(path: str, body: Mapping[str, Any] | None = None, status: int = 200) -> Row:
    """About the caller alone: no id in it to try."""
    return Row(path, body, others=status)


def owned(path: str, body: Mapping[str, Any] | None = None, status: int = 200) -> Row:
    """Of the owner alone; to everyone else it does not exist."""
    return Row(path, body, {"owner": status}, others=404)


def seen(path: str, body: Mapping[str, Any] | None = None, *, owner: int, others: int = 403) -> Row:
    """Seen by all but the blocked, done by the owner."""
    return Row(path, body, {"owner": owner, "blocked": 404}, others=others)


def sides(path: str, body: Mapping[str, Any] | None = None, *, owner: int = 200, neighbour: int = 200) -> Row:
    """Of the two sides of an exchange; to everyone else it does not exist."""
    return Row(path, body, {"owner": owner, "neighbour": neighbour}, others=404)


GOVERNED = {"moderator_here": 200, "admin": 200}
REFUSED_BY_RULE = {"moderator_here": 409, "admin": 409}
"""May do so, but the pot is empty."""
SOON, LATER, MUCH_LATER = ((clock.now() + timedelta(days=days)).isoformat() for days in (20, 22, 30))
EMAIL = {"email": "nobody@example.org"}
CODE = EMAIL | {"code": "000000"}
PASSWORD = {"password": "quatre chats sur le toit"}
ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "openapi.get_openapi"): public("/openapi.json"),
    ("GET", "openapi.show_docs"): public("/docs"),
    ("GET", "openapi.get_docs_file"): public("/docs/swagger-ui.css"),
    ("GET", "health.get_health"): public("/healthz"),
    ("GET", "health.get_readiness"): public("/readyz"),
    ("POST", "accounts.register"): public(
        "/v1/auth/register", EMAIL | PASSWORD | {"display_name": "N", "adult": True}, 202
    ),
    ("POST", "accounts.verify_email"): public("/v1/auth/email/verify", CODE, 401),
    ("POST", "accounts.resend_code"): public("/v1/auth/email/resend", EMAIL, 202),
    ("POST", "accounts.log_in"): public("/v1/auth/login", EMAIL | PASSWORD, 401),
    ("POST", "accounts.log_in_with_firebase"): public("/v1/auth/firebase", {"id_token": "x"}, 409),
    ("POST", "accounts.refresh"): public("/v1/auth/refresh", {"refresh_token": "x"}, 401),
    ("POST", "accounts.log_out"): Row("/v1/auth/logout", {}, others=204),
    ("POST", "accounts.forgot_password"): public("/v1/auth/password/forgot", EMAIL, 202),
    ("POST", "accounts.reset_password"): public("/v1/auth/password/reset", CODE | PASSWORD, 401),
    ("GET", "accounts.get_terms"): public("/v1/terms"),
    ("GET", "accounts.get_me"): own("/v1/me"),
    ("PATCH", "accounts.update_me"): own("/v1/me", {"bio": "Bonjour"}),
    ("DELETE", "accounts.delete_me"): own("/v1/me", {"password": "not this one"}, 403),
    ("DELETE", "accounts.withdraw_erasure"): own("/v1/me/erasure", status=204),
    ("POST", "accounts.prove"): own("/v1/me/proof", {"password": "not this one"}, 403),
    ("POST", "accounts.send_proof_code"): own("/v1/me/codes", {}, 202),
    ("PUT", "accounts.link_firebase"): own("/v1/me/firebase", {"id_token": "x"}, 409),
    ("DELETE", "accounts.unlink_firebase"): own("/v1/me/firebase", status=204),
    ("PUT", "accounts.accept_terms"): own("/v1/me/terms", {"version": TERMS_VERSION}),
    ("GET", "accounts.list_sessions"): own("/v1/me/sessions"),
    ("DELETE", "accounts.delete_session"): owned("/v1/me/sessions/{session}", status=204),
    ("POST", "accounts.create_invitation"): own("/v1/invitations", {}, 201),
    ("GET", "accounts.list_blocks"): own("/v1/me/blocks"),
    ("PUT", "accounts.block_person"): Row("/v1/me/blocks/{owner}", None, {"owner": 409}, others=204),
    ("DELETE", "accounts.unblock_person"): own("/v1/me/blocks/{owner}", status=204),
    ("GET", "devices.list_devices"): own("/v1/me/devices"),
    ("PUT", "devices.register_device"): own(
        "/v1/me/devices/phone-2", {"fcm_token": "token-of-a-test", "platform": "android"}, 201
    ),
    ("DELETE", "devices.delete_device"): own("/v1/me/devices/phone-1", status=204),
    ("GET", "places.get_home"): own("/v1/me/home"),
    ("PUT", "places.put_home"): own("/v1/me/home", {"cell": people.CLEO_CELL}),
    ("DELETE", "places.delete_home"): own("/v1/me/home", status=204),
    ("POST", "places.snap_point"): public("/v1/cells", {"lat": 43.6, "lon": 1.44}),
    ("POST", "places.geocode"): public("/v1/geocode", {"q": "rue des Arts"}, 503),
    ("GET", "listings.list_categories"): public("/v1/categories"),
    ("POST", "listings.create_listing"): own("/v1/listings", {"title": "Une perceuse"}, 201),
    ("GET", "listings.list_my_listings"): own("/v1/me/listings"),
    ("PATCH", "listings.update_listing"): seen("/v1/listings/{request}", {"title": "Une scie"}, owner=200),
    ("DELETE", "listings.delete_listing"): seen("/v1/listings/{request}", owner=204),
    ("POST", "listings.publish_listing"): owned("/v1/listings/{draft}/publish", {}),
    ("POST", "listings.pause_listing"): seen("/v1/listings/{request}/pause", {}, owner=200),
    ("POST", "listings.resume_listing"): owned("/v1/listings/{paused}/resume", {}),
    ("POST", "listings.close_listing"): seen("/v1/listings/{request}/close", {}, owner=200),
    ("POST", "listings.renew_listing"): seen("/v1/listings/{request}/renew", {}, owner=200),
    ("POST", "listings.fulfil_listing"): seen("/v1/listings/{request}/fulfil", {"how": "elsewhere"}, owner=200),
    ("GET", "search.list_listings"): own("/v1/listings"),
    ("GET", "search.list_neighbourhoods"): public("/v1/neighbourhoods?near=" + people.ANA_CELL),
    ("GET", "search.get_neighbourhood"): public("/v1/neighbourhoods/{nothing}", status=404),
    ("GET", "notifications.list_notifications"): own("/v1/notifications"),
    ("PUT", "notifications.read_notification"): owned("/v1/notifications/{notification}/read"),
    ("PUT", "notifications.read_notifications"): own("/v1/notifications/read", status=204),
    ("GET", "start.get_config"): public("/v1/config"),
    ("GET", "start.get_start"): own("/v1/start"),
    ("GET", "links.show_listing_link"): public("/l/{nothing}"),
    ("GET", "links.show_invitation_link"): public("/i/K7Q2M9XA4B"),
    ("GET", "links.show_exchange_link"): public("/x/{nothing}"),
    ("GET", "links.show_problems"): public("/problems"),
    ("GET", "links.show_problem"): public("/problems/not_found"),
    ("GET", "links.get_assetlinks"): public("/.well-known/assetlinks.json", status=404),
    ("GET", "links.get_apple_association"): public("/.well-known/apple-app-site-association", status=404),
    ("GET", "demo.get_dev_page"): public("/dev", status=404),
    ("GET", "demo.list_dev_mails"): public("/dev/mails", status=404),
    ("GET", "demo.list_dev_pushes"): public("/dev/pushes", status=404),
    ("GET", "preferences.get_preferences"): own("/v1/me/preferences"),
    ("PATCH", "preferences.update_preferences"): own("/v1/me/preferences", {"asks_per_week": 2}),
    ("GET", "preferences.list_searches"): own("/v1/me/searches"),
    ("POST", "preferences.save_search"): own("/v1/me/searches", {"q": "une remorque"}, 201),
    ("DELETE", "preferences.delete_search"): owned("/v1/me/searches/{search}", status=204),
    ("POST", "matching.answer_request"): Row(
        "/v1/listings/{request}/answers",
        {"answer": "yes"},
        {"owner": 409, "blocked": 404, "neighbour": 200},
        others=201,
    ),
    ("GET", "answers.list_answers"): owned("/v1/listings/{request}/answers"),
    ("GET", "matching.get_matching_rule"): public("/v1/matching"),
    ("GET", "matching.get_listing"): seen("/v1/listings/{request}", owner=200, others=200),
    ("GET", "matching.list_matches"): owned("/v1/listings/{request}/matches"),
    ("GET", "matching.list_asked"): own("/v1/me/asked"),
    ("PUT", "matching.ask_less"): own("/v1/me/asked", {"less": "all"}),
    ("GET", "bookings.get_calendar"): seen("/v1/listings/{offer}/calendar", owner=200, others=200),
    ("POST", "bookings.report_broken"): seen("/v1/listings/{offer}/broken", {}, owner=200),
    ("POST", "bookings.mend_copies"): seen("/v1/listings/{offer}/mended", {}, owner=200),
    ("PUT", "bookings.wait_for"): seen("/v1/listings/{offer}/waiting", {}, owner=409, others=200),
    ("DELETE", "bookings.stop_waiting"): own("/v1/listings/{offer}/waiting", status=204),
    ("GET", "bookings.list_my_waiting"): own("/v1/me/waiting"),
    ("POST", "conversations.ask"): Row(
        "/v1/conversations",
        {"listing_id": "{offer}", "body": "Bonjour"},
        {"owner": 409, "blocked": 404, "neighbour": 201},
        others=201,
    ),
    ("GET", "conversations.list_conversations"): own("/v1/conversations"),
    ("GET", "conversations.get_conversation"): sides("/v1/conversations/{chat}"),
    ("GET", "conversations.list_messages"): sides("/v1/conversations/{chat}/messages"),
    ("POST", "conversations.write_message"): sides(
        "/v1/conversations/{chat}/messages", {"body": "Bonjour"}, owner=201, neighbour=201
    ),
    ("PUT", "conversations.read_conversation"): sides("/v1/conversations/{chat}/read", {}),
    ("GET", "timebank.get_balance"): own("/v1/me/timebank"),
    ("GET", "timebank.list_entries"): own("/v1/me/timebank/entries"),
    ("GET", "timebank.get_statement"): own("/v1/me/timebank/statement?month=2026-11"),
    ("POST", "timebank.transfer_minutes"): Row(
        "/v1/timebank/transfers",
        {"to_user_id": "{owner}", "minutes": 5},
        {"owner": 409, "blocked": 404},
        others=201,
    ),
    ("POST", "timebank.reverse_transfer"): sides("/v1/timebank/transfers/{transfer}/reverse", owner=201, neighbour=409),
    ("GET", "territories.get_rules"): public("/v1/neighbourhoods/{own}/rules"),
    ("PATCH", "territories.change_rules"): Row(
        "/v1/neighbourhoods/{own}/rules", {"things_at_once": 4}, GOVERNED, others=403
    ),
    ("GET", "timebank.get_pot"): Row("/v1/neighbourhoods/{own}/pot", None, GOVERNED, others=403),
    ("POST", "timebank.grant"): Row(
        "/v1/neighbourhoods/{own}/pot/grants", {"to_user_id": "{owner}", "minutes": 5}, REFUSED_BY_RULE, others=403
    ),
    ("POST", "exchanges.create_exchange"): Row(
        "/v1/exchanges",
        {"listing_id": "{offer}", "starts_at": SOON, "ends_at": LATER},
        {"owner": 409, "blocked": 404},
        others=201,
    ),
    ("GET", "exchanges.list_exchanges"): own("/v1/exchanges"),
    ("GET", "exchanges.get_exchange"): sides("/v1/exchanges/{exchange}"),
    ("POST", "exchanges.accept_exchange"): sides("/v1/exchanges/{exchange}/accept", {}, neighbour=409),
    ("POST", "exchanges.decline_exchange"): sides("/v1/exchanges/{exchange}/decline", {}, neighbour=409),
    ("POST", "exchanges.withdraw_exchange"): sides("/v1/exchanges/{exchange}/withdraw", {}, owner=409),
    ("POST", "exchanges.counter_exchange"): sides(
        "/v1/exchanges/{exchange}/counter", {"starts_at": SOON, "ends_at": LATER}, neighbour=409
    ),
    ("POST", "exchanges.cancel_exchange"): sides("/v1/exchanges/{agreed}/cancel", {}),
    ("POST", "exchanges.hand_over"): sides("/v1/exchanges/{agreed}/hand_over", {}),
    ("POST", "exchanges.return_thing"): sides("/v1/exchanges/{lent}/return", {}),
    ("POST", "exchanges.finish_help"): sides("/v1/exchanges/{help}/done", {}),
    ("POST", "exchanges.confirm_help"): sides("/v1/exchanges/{help}/confirm", {}, owner=409, neighbour=409),
    ("POST", "exchanges.dispute_exchange"): sides("/v1/exchanges/{lent}/dispute", {"reason": "Il en manque."}),
    ("POST", "exchanges.object_to_tap"): sides("/v1/exchanges/{lent}/object", {}, owner=409),
    ("POST", "exchanges.extend_loan"): sides("/v1/exchanges/{lent}/extend", {"ends_at": MUCH_LATER}),
    ("POST", "exchanges.grant_extension"): sides("/v1/exchanges/{lent}/grant", {}, owner=409, neighbour=409),
    ("POST", "exchanges.refuse_extension"): sides("/v1/exchanges/{lent}/refuse", {}, owner=409, neighbour=409),
    ("POST", "exchanges.settle_dispute"): Row(
        "/v1/exchanges/{disputed}/settle", {"outcome": "returned"}, {"moderator_here": 204, "admin": 204}, others=404
    ),
    ("GET", "exchanges.list_disputes"): Row(
        "/v1/disputes", None, {"moderator_here": 200, "moderator_elsewhere": 200, "admin": 200}, others=403
    ),
    ("GET", "exchanges.show_code"): sides("/v1/exchanges/{agreed}/code", neighbour=409),
    ("GET", "exchanges.get_meeting"): sides("/v1/exchanges/{agreed}/meeting"),
    ("PUT", "exchanges.set_meeting"): sides("/v1/exchanges/{agreed}/meeting", {"text": "Au parc"}),
    ("DELETE", "exchanges.delete_meeting"): sides("/v1/exchanges/{agreed}/meeting", owner=204, neighbour=204),
    ("GET", "exchanges.get_exchange_calendar"): sides("/v1/exchanges/{agreed}/calendar.ics"),
    ("GET", "exchanges.find_feed"): own("/v1/me/calendar", status=404),
    ("POST", "exchanges.make_feed"): own("/v1/me/calendar", {}, 201),
    ("DELETE", "exchanges.delete_feed"): own("/v1/me/calendar", status=204),
    ("GET", "calendar_feed.read_feed"): public("/c/" + "a" * 32, status=404),
    ("POST", "thanks.thank_neighbour"): sides(
        "/v1/exchanges/{back}/thanks", {"text": "Merci beaucoup !"}, owner=201, neighbour=201
    ),
    ("GET", "thanks.get_thanks"): sides("/v1/exchanges/{back}/thanks"),
    ("PUT", "thanks.show_thanks"): sides("/v1/exchanges/{thanked}/thanks/shown", {"shown": True}),
    ("DELETE", "thanks.take_thanks_back"): sides("/v1/exchanges/{thanked}/thanks", owner=204, neighbour=204),
    ("GET", "thanks.list_received_thanks"): own("/v1/me/thanks"),
    ("POST", "thanks.raise_concern"): sides(
        "/v1/exchanges/{back}/concern", {"text": "Je préfère le dire ici."}, owner=204, neighbour=204
    ),
    ("GET", "thanks.list_concerns"): Row(
        "/v1/concerns", None, {"moderator_here": 200, "moderator_elsewhere": 200, "admin": 200}, others=403
    ),
    ("GET", "neighbours.get_neighbour"): Row("/v1/neighbours/{owner}", None, {"blocked": 404}),
}


@pytest.fixture(scope="module")
def app(module_app):
    """Everyone's world is made once; each call is made apart from all others."""
    return module_app


@pytest.fixture(scope="module")
def world(app):
    """Ana owns one thing of each kind; all others live in the same street."""
    made = {"owner": people.make("Ana A.", home=people.ANA_CELL)}
    for caller in CALLERS[2:]:
        made[caller] = people.make(caller.title(), home=people.BOB_CELL)
    made["moderator_here"].role = made["moderator_elsewhere"].role = "moderator"
    made["moderator_elsewhere"].territory_code = "elsewhere"
    made["admin"].role = "admin"
    db.session.add(Block(blocker_id=made["owner"].id, blocked_id=made["blocked"].id))
    db.session.commit()
    return made


@pytest.fixture(scope="module")
def things(world) -> dict[str, Any]:
    """The ids that paths name."""
    return things_of(world["owner"], world["neighbour"])


def things_of(owner: User, answerer: User) -> dict[str, Any]:
    """One of each that paths name, by id."""
    request, _ = listings.create_listing(actor=owner, title="Je cherche une perceuse")
    draft, _ = listings.create_listing(actor=owner, title="Une scie", status="draft", direction="offer")
    paused, _ = listings.create_listing(actor=owner, title="Une tente", direction="offer")
    listings.pause_listing(actor=owner, listing_id=paused.id)
    note = Notification(user_id=owner.id, type="listing_expiring", key="a", listing_id=request.id)
    answer = Answer(listing_id=request.id, user_id=answerer.id, answer="yes")
    phone = Device(user_id=owner.id, installation_id="phone-1", fcm_token="ana's", platform="android", language="fr")
    search = SavedSearch(user_id=owner.id, q="un vélo cargo")
    db.session.add_all([note, answer, phone, search])
    db.session.flush()
    session = Session(user_id=owner.id, label="another", expires_at=clock.now() + timedelta(days=1))
    db.session.add(session)
    db.session.flush()
    db.session.commit()
    return exchanges_of(owner, answerer) | {
        "owner": owner.id,
        "request": request.id,
        "draft": draft.id,
        "paused": paused.id,
        "notification": note.id,
        "session": session.id,
        "search": search.id,
        "nothing": uuid4(),
    }


def exchanges_of(owner: User, other: User) -> dict[str, Any]:
    """Exchanges in several states between these two, and what hangs on them."""
    drill = make_offer(owner, "Perceuse", quantity=9)
    lesson = make_offer(owner, "Cours d'anglais", kind="skill", category=None)
    made = {
        "offer": drill.id,
        "exchange": propose(other, drill).id,
        "agreed": agree(other, drill).id,
        "lent": lend(other, drill).id,
        "disputed": dispute(other, drill).id,
        "back": bring_back(other, drill).id,
        "thanked": bring_back(other, drill).id,
        "help": agree(other, lesson).id,
    }
    service.set_meeting(actor=actor(owner), exchange_id=made["agreed"], text="Au parc")
    for each in (owner, other):
        thanks.thank_neighbour(actor=actor(each), exchange_id=made["thanked"], text="Merci !")
    gift, _ = timebank.transfer_minutes(actor=actor(other), to_user_id=owner.id, minutes=10)
    chat = db.session.get_one(Exchange, made["exchange"]).conversation_id
    own = db.session.scalars(select(Territory.id).where(Territory.is_own)).one()
    db.session.commit()
    return made | {"chat": chat, "transfer": gift.transfer_id, "own": own}


def filled(part: Any, things: Mapping[str, Any]) -> Any:
    """A body with the ids that it names."""
    if isinstance(part, dict):
        return {name: filled(each, things) for name, each in part.items()}
    return part.format(**things) if isinstance(part, str) else part


def call(app, world, things: Mapping[str, Any], caller: str, method: str, row: Row):
    """Call the route as that caller; the shut out come with a token that was good once."""
    user = None if caller == "anonymous" else db.session.get_one(User, world[caller].id)
    client = people.sign_in(app, user) if user else app.test_client()
    if user and caller in ("suspended", "erased"):
        user.state = caller
        db.session.commit()
    return getattr(client, method.lower())(row.path.format(**things), json=filled(row.body, things))


def test_the_matrix_is_complete(app):
    """SEC-02: a new route has to take its place in the matrix."""
    assert set(CONTRACTS) - set(ROWS) == set()
    assert set(ROWS) - set(CONTRACTS) == set()


@pytest.mark.parametrize(("method", "endpoint"), sorted(ROWS), ids=lambda part: part)
def test_each_caller_gets_what_it_may(app, world, things, method, endpoint):
    """SEC-02: an object-level check on every id in path and body."""
    row, got = ROWS[(method, endpoint)], {}
    for caller in CALLERS:
        with databases.apart(app):
            got[caller] = call(app, world, things, caller, method, row).status_code
    assert got == {caller: row.status_for(caller) for caller in CALLERS}


HIDDEN = sorted(key for key, row in ROWS.items() if row.expected.get("owner") and row.others == 404)


@pytest.mark.parametrize(("method", "endpoint"), HIDDEN, ids=lambda part: part)
def test_not_yours_and_not_there_are_one_answer(app, world, things, method, endpoint):
    """SEC-03: the same status and body for what is somebody else's and for what does not exist."""
    row, nothing = ROWS[(method, endpoint)], {name: uuid4() for name in things}
    with databases.apart(app):
        hers = call(app, world, things, "stranger", method, row)
    with databases.apart(app):
        none = call(app, world, nothing, "stranger", method, row)
    assert (hers.status_code, hers.data) == (none.status_code, none.data)
