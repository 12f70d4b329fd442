"""BOK-12: what was agreed before this was kept is called as it is at the upgrade, or as its kind is."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, update

from neighbourly.accounts.models import User
from neighbourly.conversations.models import Conversation, Message
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.categories import CATEGORIES
from neighbourly.listings.models import Listing
from tests.factories.exchanges import agree
from tests.factories.listings import ask, offer

VERSIONS = Path(__file__).parent.parent.parent / "migrations" / "versions"


def upgrade(name: str) -> None:
    """Do again what that migration does to rows."""
    [path] = VERSIONS.glob(f"*_{name}.py")
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    migration = module_from_spec(spec)
    spec.loader.exec_module(migration)
    db.session.flush()
    with Operations.context(MigrationContext.configure(db.session.connection())):
        migration.upgrade()
    db.session.expire_all()


def test_things_are_called_as_they_are_or_by_their_kind(app, ana, bob, as_):
    named = agree(bob, offer(ana, "Une tente"))
    filed = agree(bob, offer(ana, "Perceuse à percussion", category="power-drills"))
    unfiled = agree(bob, offer(ana, "Machin", kind="item", category=None))
    help = agree(ana, ask(bob, "Bidule", kind="time", language="en"), minutes=60)
    as_(bob).post("/v1/conversations", json={"listing_id": str(named.listing_id), "body": "Bonjour"})
    nothing = {"known_title": None, "known_kind": None}
    db.session.execute(update(Exchange).values(**nothing, known_category=None))
    db.session.execute(update(Conversation).values(nothing))
    left = (filed.listing_id, unfiled.listing_id, help.listing_id)
    db.session.execute(update(Listing).where(Listing.id.in_(left)).values(title=""))
    db.session.execute(update(Listing).where(Listing.id == unfiled.listing_id).values(category=None))
    upgrade("names_of_what_was_agreed")
    called = {each.id: each.known_title for each in db.session.scalars(select(Exchange))}
    assert called == {
        named.id: "Une tente",
        filed.id: CATEGORIES["power-drills"].name["fr"],
        unfiled.id: "Un objet",
        help.id: "A helping hand",
    }
    threads = {each.exchange_id: each.known_title for each in db.session.scalars(select(Conversation))}
    assert threads == called | {None: "Une tente"}
    assert set(db.session.scalars(select(Exchange.known_kind))) == {"item", "time"}


def test_guesses_are_affirmed_and_former_words_masked(app, ana, bob):
    loan = agree(bob, offer(ana, "Perceuse à percussion"))
    free = offer(ana, "Une tente")
    for listing in (loan.listing_id, free.id):
        db.session.execute(update(Listing).where(Listing.id == listing).values(guessed=["kind", "category"]))
    said = {"conversation_id": loan.conversation_id, "kind": "text"}
    db.session.add_all(Message(**said, author_id=each.id, body="Au 06 12 34 56 78") for each in (ana, bob))
    db.session.execute(update(User).where(User.id == ana.id).values(state="erased"))
    upgrade("what_was_agreed_stays")
    guessed = {each.id: each.guessed for each in db.session.scalars(select(Listing))}
    assert guessed == {loan.listing_id: ["category"], free.id: ["kind", "category"]}
    bodies = {each.author_id: each.body for each in db.session.scalars(select(Message).where(Message.kind == "text"))}
    assert bodies == {ana.id: "Au […]", bob.id: "Au 06 12 34 56 78"}
