"""Offers and requests for tests, written by the real service."""

from __future__ import annotations

from typing import Any

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import Actor
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.listings import service
from neighbourly.listings.models import Listing


def actor(user: User) -> Actor:
    """The person as services know them."""
    return Actor(user.id, user.display_name, user.language, user.role, user.territory_code, new_id())


def offer(user: User, title: str = "Perceuse à percussion", **said: Any) -> Listing:
    """Something that this person offers."""
    return _made(user, title=title, direction="offer", **said)


def ask(user: User, title: str = "Une perceuse", **said: Any) -> Listing:
    """Something that this person asks for."""
    return _made(user, title=title, direction="request", **said)


def _made(user: User, **said: Any) -> Listing:
    listing, _new = service.create_listing(actor=actor(user), **said)
    db.session.commit()
    return listing
