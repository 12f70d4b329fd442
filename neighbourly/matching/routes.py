"""HTTP for matching: a listing seen whole, what goes with it, what one was asked, and the rule itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.accounts.selectors import Actor
from neighbourly.answers.schemas import AnswerCreateSchema
from neighbourly.core.api.auth import MEMBER, PUBLIC
from neighbourly.core.api.blueprint import Blueprint, Documented
from neighbourly.core.api.dispatch import Created
from neighbourly.core.api.languages import language
from neighbourly.core.api.limits import MATCHES, WRITE
from neighbourly.core.api.pagination import LimitQuerySchema, PageQuerySchema
from neighbourly.matching import published, schemas, service
from neighbourly.matching.selectors import AskedPage, Matches, WholeListing
from neighbourly.preferences.models import Preferences
from neighbourly.preferences.schemas import PreferencesSchema

bp = Blueprint("matching", __name__, url_prefix="/v1", description="Whom a need is put to, and why.")


@bp.get("/matching", auth=PUBLIC, returns=schemas.MatchingRuleSchema)
def get_matching_rule() -> tuple[published.PublishedRule, int, dict[str, str]]:
    """The rule itself: every factor, weight, gate and number, in plain words."""
    return published.published(language()), 200, {"Content-Language": language(), "Vary": "Accept-Language"}


@bp.get(
    "/listings/<uuid:listing_id>",
    auth=MEMBER,
    returns=schemas.WholeListingSchema,
    not_yet=frozenset({"include"}),
)
def get_listing(actor: Actor, listing_id: UUID) -> WholeListing:
    """A listing, whole; for who asks with how the asking stands."""
    return service.get_listing(actor=actor, listing_id=listing_id)


@bp.post(
    "/listings/<uuid:listing_id>/answers",
    auth=MEMBER,
    body=AnswerCreateSchema,
    returns=schemas.GivenAnswerSchema,
    status=201,
    limits=(WRITE,),
    docs=Documented(example={"answer": "yes"}, also={200: "It takes the place of the answer before."}),
)
def answer_request(actor: Actor, listing_id: UUID, body: dict[str, Any]) -> Created:
    """Say yes, later or no to a request; saying it again replaces it."""
    given, new = service.answer_request(actor=actor, listing_id=listing_id, **body)
    return Created(given, f"/v1/listings/{listing_id}/answers", new)


@bp.get(
    "/listings/<uuid:listing_id>/matches",
    auth=MEMBER,
    query=LimitQuerySchema,
    returns=schemas.MatchesSchema,
    limits=(MATCHES,),
)
def list_matches(actor: Actor, listing_id: UUID, query: dict[str, Any]) -> Matches:
    """What goes with one's own listing, best first; for a draft too, and nobody is told."""
    return service.list_matches(actor=actor, listing_id=listing_id, **query)


@bp.get("/me/asked", auth=MEMBER, query=PageQuerySchema, returns=schemas.AskedPageSchema)
def list_asked(actor: Actor, query: dict[str, Any]) -> AskedPage:
    """What one was asked for, when and why, newest first."""
    return service.list_asked(actor=actor, **query)


@bp.put(
    "/me/asked",
    auth=MEMBER,
    body=schemas.AskLessSchema,
    returns=PreferencesSchema,
    limits=(WRITE,),
    docs=Documented(example={"less": "power-drills"}),
)
def ask_less(actor: Actor, body: dict[str, Any]) -> Preferences:
    """Be asked less: of one category, or of everything (one ask a week less)."""
    return service.ask_less(actor=actor, **body)
