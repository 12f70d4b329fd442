"""The first screen in one call, and what an app asks before anyone signs in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from neighbourly.accounts.models import User
from neighbourly.accounts.next_steps import next_steps
from neighbourly.accounts.schemas import MeUpdateSchema
from neighbourly.accounts.selectors import Actor
from neighbourly.accounts.terms import TERMS_VERSION
from neighbourly.core.api.blueprint import MAX_BODY
from neighbourly.core.api.languages import LANGUAGES
from neighbourly.core.api.pagination import MOST_ITEMS
from neighbourly.core.api.schema import Schema, Text
from neighbourly.core.config import settings
from neighbourly.exchanges.agenda import list_to_do
from neighbourly.exchanges.selectors import ExchangeView
from neighbourly.listings.schemas import ListingCreateSchema
from neighbourly.listings.summaries import ListingSummary
from neighbourly.matching.selectors import list_asked
from neighbourly.search.near import Wanted, find_near
from neighbourly.start import selectors
from neighbourly.start.selectors import Standing
from neighbourly.territories.models import Territory

ASKED, MINE, REQUESTS, OFFERS, TO_DO = 3, 5, 5, 10, 5


@dataclass(frozen=True)
class Ceilings:
    """How long and how many."""

    page_items: int
    body_bytes: int
    display_name_characters: int
    bio_characters: int
    title_characters: int
    description_characters: int


@dataclass(frozen=True)
class Config:
    """What an app has to know of this installation."""

    version: str
    features: Sequence[str]
    min_app_version: str | None
    operator: str
    contact: str
    emergency: str
    limits: Ceilings
    languages: Sequence[str] = LANGUAGES
    terms_version: str = TERMS_VERSION
    vapid_public_key: str | None = None


@dataclass(frozen=True)
class Near:
    """What neighbours ask for and offer around a home."""

    requests: Sequence[ListingSummary] = ()
    offers: Sequence[ListingSummary] = ()


@dataclass(frozen=True)
class Start:
    """The home screen."""

    me: User
    next_steps: Sequence[str]
    neighbourhood: Territory | None
    unread: int
    asked: Sequence[Any]
    mine: Sequence[ListingSummary]
    near: Near
    to_do: Sequence[ExchangeView]


def get_config(*, version: str, features: Sequence[str]) -> Config:
    """Anyone may know what this installation is, and nothing in it depends on who asks.

    `features` are what the program has; what needs Firebase is named only where that is set up.
    """
    current = settings()
    sign_in = ["firebase_sign_in"] if current.firebase_credentials or current.firebase_project else []
    push = ["push"] if current.firebase_credentials else []
    return Config(
        version=version,
        features=[*features, *sign_in, *push],
        min_app_version=current.min_app_version,
        operator=current.operator,
        contact=current.contact,
        emergency=current.emergency,
        limits=Ceilings(
            page_items=MOST_ITEMS,
            body_bytes=MAX_BODY,
            display_name_characters=_most(MeUpdateSchema, "display_name"),
            bio_characters=_most(MeUpdateSchema, "bio"),
            title_characters=_most(ListingCreateSchema, "title"),
            description_characters=_most(ListingCreateSchema, "description"),
        ),
    )


def _most(schema: type[Schema], name: str) -> int:
    """The ceiling that the field itself enforces."""
    field = schema().fields[name]
    assert isinstance(field, Text)  # noqa: S101  # else the name is not that of a text
    return field.most


def get_start(*, actor: Actor) -> Start:
    """One call, a few statements: a phone with a poor connection shows its first screen at once."""
    standing = selectors.get_standing(actor.id)
    home = standing.home.cell if standing.home else None
    return Start(
        me=standing.user,
        next_steps=next_steps(actor.id),
        neighbourhood=standing.neighbourhood,
        unread=standing.unread,
        asked=list_asked(actor.id, limit=ASKED, cursor=None, only_open=True).items,
        mine=selectors.list_going_on(actor.id, home=home, limit=MINE),
        near=_near(standing),
        to_do=list_to_do(actor.id, language=actor.language, limit=TO_DO),
    )


def _near(standing: Standing) -> Near:
    """Nothing is near to someone who lives nowhere."""
    if standing.home is None:
        return Near()
    nearest = partial(
        find_near, viewer_id=standing.user.id, near=standing.home.cell, radius_m=standing.reach_m, cursor=None
    )
    requests, _ = nearest(Wanted(direction="request"), limit=REQUESTS)
    offers, _ = nearest(Wanted(direction="offer"), limit=OFFERS)
    return Near(requests, offers)
