"""Loading the demo: by the use cases that phones call, so that everything that follows from them follows here too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from neighbourly.accounts import passwords
from neighbourly.accounts import service as accounts
from neighbourly.accounts.authenticator import authenticate
from neighbourly.accounts.selectors import Actor
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.demo import neighbourhood, selectors
from neighbourly.demo.accounts import PASSWORD
from neighbourly.demo.lending import lend
from neighbourly.demo.neighbourhood import BOUNDARIES_FILE, DemoListing, DemoNeighbour
from neighbourly.devices.service import register_device
from neighbourly.listings import service as listings
from neighbourly.listings.models import Listing
from neighbourly.places.selectors import get_home
from neighbourly.places.service import put_home
from neighbourly.preferences.service import update_preferences
from neighbourly.search.service import recount_life
from neighbourly.territories.service import import_file

PLATFORMS = ("android", "ios", "android", "web")
BETWEEN_LISTINGS = timedelta(hours=7)
LIVED_THERE = timedelta(days=90)


@dataclass(frozen=True)
class Loaded:
    """How much was put in."""

    territories: int
    neighbours: int
    listings: int
    open_requests: int
    exchanges: int


def load_demo() -> Loaded | None:
    """Fill the database with the demo neighbourhood, within the caller's transaction; None if it is there already."""
    if selectors.is_there():
        return None
    found = neighbourhood.load()
    territories = import_file(path=BOUNDARIES_FILE)
    password_hash = passwords.hashed(PASSWORD)
    actors = {each.email: _settle(number, each, password_hash) for number, each in enumerate(found.neighbours)}
    # Requests come last: those who could help must be there to be asked.
    ordered = sorted(found.listings, key=lambda each: (each.open_request, each.direction == "request"))
    settled, asked = [[each for each in ordered if each.open_request is still] for still in (False, True)]
    for number, each in enumerate(settled):
        _publish(actors[each.owner], each, age=BETWEEN_LISTINGS * (len(ordered) - number))
    lent = lend(actors)
    for each in asked:
        _publish(actors[each.owner], each, age=timedelta())
    recount_life()
    return Loaded(
        len(territories.created) + len(territories.unchanged), len(actors), len(ordered), len(asked), exchanges=lent
    )


def _settle(number: int, neighbour: DemoNeighbour, password_hash: str) -> Actor:
    """An account that is signed in on a phone, with a home and wishes."""
    user = accounts.create_user(
        email=neighbour.email,
        display_name=neighbour.display_name,
        password=None,
        password_hash=password_hash,
        language=neighbour.language,
    )
    user.bio = neighbour.bio or ""
    installation = f"demo-{neighbour.email.partition('@')[0]}"
    signed_in = accounts.open_session(user=user, installation_id=installation, label="Demo")
    db.session.flush()
    actor = authenticate(f"Bearer {signed_in.access_token}")
    assert actor is not None  # noqa: S101  # signed in one line above
    put_home(actor=actor, cell=neighbour.cell, precision="street")
    get_home(actor.id).since = clock.now() - LIVED_THERE
    update_preferences(actor=actor, **_wishes(neighbour))
    register_device(
        actor=actor,
        installation_id=installation,
        fcm_token=f"{installation}-token",
        platform=PLATFORMS[number % len(PLATFORMS)],
        app_version="demo",
        language=None,
    )
    return actor


def _wishes(neighbour: DemoNeighbour) -> dict[str, Any]:
    """Only those who chose them have quiet hours, so that a demo started at night shows its pushes too."""
    begins, ends = neighbour.quiet_hours or (None, None)
    wishes: dict[str, Any] = {
        "interests": neighbour.interests,
        "quiet_hours": {"begins": begins, "ends": ends} if neighbour.quiet_hours else None,
    }
    if neighbour.asks_per_week is not None:
        wishes["asks_per_week"] = neighbour.asks_per_week
    if neighbour.away_days is not None:
        wishes["away_until"] = clock.now() + timedelta(days=neighbour.away_days)
    return wishes


def _publish(actor: Actor, said: DemoListing, age: timedelta) -> None:
    """An offer, an open request, or one that was met long ago; all but the open ones are of an earlier day."""
    listing, _ = listings.create_listing(
        actor=actor,
        direction=said.direction,
        kind=said.kind,
        category=said.category,
        title=said.title,
        description=said.description,
        language=said.language,
        terms=said.terms,
        quantity=said.quantity,
        helpers_needed=said.helpers_needed,
    )
    if said.open_request:
        return
    if said.direction == "request":
        listings.fulfil_listing(actor=actor, listing_id=listing.id, how="elsewhere")
    then = clock.now() - age
    db.session.flush()
    aged = update(Listing).where(Listing.id == listing.id)
    db.session.execute(aged.values(created_at=then, published_at=then, updated_at=then))
