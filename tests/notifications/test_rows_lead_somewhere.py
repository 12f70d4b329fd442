"""BOK-09: no row of the inbox leads nowhere, whatever happened since; none that is gone is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import delete as sql_delete
from sqlalchemy import select, update

from neighbourly.accounts import service as accounts
from neighbourly.accounts.events import AccountErasing
from neighbourly.accounts.models import User
from neighbourly.conversations import service as conversations
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from neighbourly.notifications.catalogue import CATALOGUE
from neighbourly.notifications.exchange_types import EXCHANGE_TYPES
from neighbourly.notifications.models import Notification
from neighbourly.notifications.selectors import unread_of
from tests import databases, people
from tests.factories.exchanges import bring_back, lend
from tests.factories.listings import actor, ask, offer

PAGES = {"l": "listings", "x": "exchanges"}
OF_EXCHANGES = sorted(set(EXCHANGE_TYPES) - {"waiting_turn", "moderation_case", "message_received"})
OF_OTHERS = {"request_nearby": "need", "match_found": "drill", "waiting_turn": "drill"}
OF_ONES_OWN = ("ask_exhausted", "listing_expiring", "listing_expired")


@dataclass(frozen=True)
class World:
    """Ana asks, offers and lends; Bob answers, borrows and asks for something himself, and reads of all that."""

    ana_id: UUID
    bob_id: UUID
    about: dict[str, UUID]
    """What it is about, by name."""

    @property
    def ana(self) -> User:
        return db.session.get_one(User, self.ana_id)

    @property
    def bob(self) -> User:
        return db.session.get_one(User, self.bob_id)


def begin(app) -> World:
    ana, bob = people.make("Ana A.", home=people.ANA_CELL), people.make("Bob B.", home=people.BOB_CELL)
    need, marteau, own = ask(ana), ask(ana, "Un marteau"), ask(bob, "Un escabeau")
    drill, ladder = offer(ana), offer(ana, "Une échelle")
    lent, returned = lend(bob, drill), bring_back(bob, ladder)
    for user, listing in ((bob, marteau), (ana, own)):
        assert people.sign_in(app, user).post(f"/v1/listings/{listing.id}/answers", json={"answer": "yes"}).json
    question, _ = conversations.ask(actor=actor(bob), body="Libre ?", listing_id=ladder.id)
    about = {"need": need, "answered": marteau, "own": own, "drill": drill, "ladder": ladder}
    made = {name: each.id for name, each in (about | {"lent": lent, "returned": returned}).items()}
    db.session.execute(sql_delete(Notification))
    write_rows(ana.id, bob.id, made | {"question": question.id}, (lent, returned))
    db.session.commit()
    return World(ana.id, bob.id, made)


def write_rows(ana_id, bob_id, about, exchanges):
    def row(type_name, actor_id=ana_id, data=None, **what):
        key = f"{type_name}:{sorted(map(str, what.values()))}"
        row = Notification(user_id=bob_id, type=type_name, key=key, actor_id=actor_id, data=data or {}, **what)
        db.session.add(row)

    for exchange in exchanges:
        what = {"exchange_id": exchange.id, "listing_id": exchange.listing_id}
        for name in OF_EXCHANGES:
            row(name, **what)
        row("message_received", **what, conversation_id=exchange.conversation_id)
    row("message_received", listing_id=about["ladder"], conversation_id=about["question"])
    for name, subject in OF_OTHERS.items():
        row(name, listing_id=about[subject])
    row("request_closed", listing_id=about["answered"])
    row("waiting_over", listing_id=about["answered"])
    row("request_nearby", listing_id=about["answered"])
    row("answer_received", listing_id=about["own"], data={"answer": "yes"})
    for name in OF_ONES_OWN:
        row(name, listing_id=about["own"], actor_id=None)
    row("minutes_received", data={"minutes": 30})
    row("absence_over", data={"count": 3})
    row("moderation_case", listing_id=about["drill"], actor_id=None)


@pytest.fixture(scope="module")
def made(module_app):
    """The same for every test here."""
    return begin(module_app)


@pytest.fixture
def app(module_app, made):
    """What a test changes is undone after it."""
    with databases.apart(module_app):
        yield module_app


@pytest.fixture
def world(app, made):
    return made


def put(status):
    def change(world):
        db.session.execute(update(Listing).where(Listing.owner_id == world.ana_id).values(status=status))

    return change


def block(who, whom):
    def change(world):
        accounts.block_person(actor=actor(getattr(world, who)), user_id=getattr(world, whom).id)

    return change


def delete(world):
    values = {"status": "closed", "deleted_at": clock.now()}
    db.session.execute(update(Listing).where(Listing.owner_id == world.ana_id).values(values))


def erase(world):
    publish(AccountErasing(world.ana.id, again=True))
    world.ana.state = "erased"


def move(who):
    return lambda world: people.move(getattr(world, who), people.FAR_CELL)


def age(world):
    """All that ended did so 31 days ago."""
    long_ago = clock.now() - timedelta(days=31)
    ended = {"status": "closed", "updated_at": long_ago}
    db.session.execute(update(Listing).where(Listing.owner_id == world.ana_id).values(ended))
    over = update(Exchange).where(Exchange.ended_at.is_not(None))
    db.session.execute(over.values(ended_at=long_ago))


def govern(world):
    world.bob.role = "moderator"


OTHERS = {"request_nearby:need", "match_found:drill", "waiting_turn:drill"}
CHANGES = {
    "nothing": (lambda _world: None, set()),
    "paused": (put("paused"), {"request_nearby:need"}),
    "closed": (put("closed"), {"request_nearby:need"}),
    "expired": (put("expired"), {"request_nearby:need"}),
    "fulfilled": (put("fulfilled"), {"request_nearby:need"}),
    "removed": (put("removed"), {*OTHERS, "request_nearby:answered"}),
    "deleted": (delete, {"request_nearby:need", "request_nearby:answered"}),
    "long over": (age, {"request_nearby:need", "request_nearby:answered"}),
    "the other moved": (move("ana"), {"request_nearby:need", "match_found:drill", "request_nearby:answered"}),
    "moved": (move("bob"), {"request_nearby:need", "match_found:drill", "request_nearby:answered"}),
    "erased": (erase, {*OTHERS, "request_nearby:answered", "answer_received:own"}),
    "moderator": (govern, set()),
}
BLOCKS = {"blocked": block("ana", "bob"), "blocker": block("bob", "ana")}


def shown(as_, reader) -> list[dict]:
    return as_(reader).get("/v1/notifications?limit=100").json["items"]


def names_of(world, items) -> set[str]:
    named = {about_id: name for name, about_id in world.about.items()}
    rows = {str(row.id): row for row in db.session.scalars(select(Notification))}
    found = (rows[each["id"]] for each in items)
    return {f"{row.type}:{named.get(row.exchange_id or row.listing_id)}" for row in found}


def paths_of(data) -> set[str]:
    """All that an app may fetch for a row."""
    kinds = ("listing", "exchange", "conversation")
    paths = {f"/v1/{kind}s/{data[f'{kind}_id']}" for kind in kinds if data[f"{kind}_id"]}
    if data["link"]:
        _, kind, name = urlsplit(data["link"]).path.split("/")
        paths.add(f"/v1/{PAGES[kind]}/{name}")
    return paths


def check_all_lead_somewhere(as_, reader, items):
    client, paths = as_(reader), set().union(*(paths_of(item["data"]) for item in items))
    answers = {path: client.get(path).status_code for path in paths}
    assert len(answers) >= 2
    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize("change", CHANGES)
def test_each_row_opens_or_is_gone_and_what_is_gone_is_not_counted(as_, world, change):
    happen, gone = CHANGES[change]
    before = names_of(world, shown(as_, world.bob))
    happen(world)
    db.session.commit()
    items = shown(as_, world.bob)
    check_all_lead_somewhere(as_, world.bob, items)
    assert before - names_of(world, items) == gone
    counted = db.session.scalar(select(unread_of(world.bob_id)))
    assert as_(world.bob).get("/v1/start").json["unread"] == counted == len(items)


@pytest.mark.parametrize("change", BLOCKS)
def test_behind_a_block_what_names_the_other_is_left_of_an_open_exchange_alone(as_, world, change):
    """The blocker's row of the other's message goes as the blocked one's does."""
    BLOCKS[change](world)
    db.session.commit()
    items = shown(as_, world.bob)
    check_all_lead_somewhere(as_, world.bob, items)
    left = {f"{name}:lent" for name in OF_EXCHANGES} | {f"{name}:own" for name in OF_ONES_OWN}
    assert names_of(world, items) == left | {"minutes_received:None", "absence_over:None"}
    assert as_(world.bob).get("/v1/start").json["unread"] == len(items)


def test_every_type_was_looked_at(world):
    assert set(db.session.scalars(select(Notification.type))) == set(CATALOGUE)


def test_what_is_entrusted_to_moderators_is_seen_by_them_alone(as_, world):
    assert "moderation_case" not in {each["type"] for each in shown(as_, world.bob)}
    govern(world)
    db.session.commit()
    (case,) = (each for each in shown(as_, world.bob) if each["type"] == "moderation_case")
    assert (case["data"]["link"], case["data"]["listing_id"]) == (None, None)


@pytest.mark.parametrize(("word", "left"), [("later", False), ("no", False), ("yes", True)])
def test_an_answer_that_was_taken_back_goes(as_, world, word, left):
    as_(world.ana).post(f"/v1/listings/{world.about['own']}/answers", json={"answer": word})
    said = {each["body"] for each in shown(as_, world.bob) if "peut vous aider" in each["title"]}
    assert bool(said) is left
