"""HTTP for exchanges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api import etags
from neighbourly.core.api.auth import MEMBER, PUBLIC
from neighbourly.core.api.blueprint import Blueprint, Documented
from neighbourly.core.api.creations import Creates
from neighbourly.core.api.dispatch import Created
from neighbourly.core.api.limits import FEED_READERS, FEEDS, LISTS, WRITE
from neighbourly.core.api.pagination import Page, PageQuerySchema, page_of
from neighbourly.core.api.schema import Schema
from neighbourly.exchanges import schemas, service
from neighbourly.exchanges.errors import OtherThanProposed
from neighbourly.exchanges.models import Meeting
from neighbourly.exchanges.schemas import LATER, SOON
from neighbourly.exchanges.selectors import ExchangeView
from neighbourly.exchanges.service.feeds import Feed
from neighbourly.exchanges.service.reading import ShownCode
from neighbourly.listings.schemas import ID

bp = Blueprint("exchanges", __name__, url_prefix="/v1", description="Loans, gifts and help, from yes to thank you.")
feed_bp = Blueprint("calendar_feed", __name__, url_prefix="", description="Private calendars.")
ONE = "/exchanges/<uuid:exchange_id>"
ICS = Documented(media_type="text/calendar")


def _action(name: str, body: type[Schema] = schemas.TapSchema) -> Callable[..., Any]:
    """A tap of one of the two sides on an exchange; to them a refusal is 409 with what they may do."""
    return bp.post(f"{ONE}/{name}", auth=MEMBER, body=body, returns=schemas.ExchangeSchema, limits=(WRITE,))


def _get_again(actor: Actor, id: UUID) -> Created:
    return Created(service.get_exchange(actor=actor, exchange_id=id), f"/v1/exchanges/{id}")


@bp.post(
    "/exchanges",
    auth=MEMBER,
    body=schemas.ExchangeCreateSchema,
    returns=schemas.ExchangeSchema,
    status=201,
    limits=(WRITE,),
    creates=Creates("exchange", _get_again),
    docs=Documented(
        example={"listing_id": ID["example"], "starts_at": SOON["example"], "ends_at": LATER["example"]},
        also={200: "The same exchange again."},
    ),
)
def create_exchange(actor: Actor, body: dict[str, Any]) -> Created:
    """Propose on a listing, or choose an answer: inside the window that a yes gave, it is agreed at once."""
    exchange, new = service.create_exchange(actor=actor, **body)
    return Created(exchange, f"/v1/exchanges/{exchange.exchange.id}", new, id=exchange.exchange.id)


@bp.get(
    "/exchanges",
    auth=MEMBER,
    query=schemas.ExchangesQuerySchema,
    returns=page_of(schemas.ExchangeSchema),
    limits=(LISTS,),
)
def list_exchanges(actor: Actor, query: dict[str, Any]) -> Page:
    """One's own exchanges, newest first."""
    return service.list_exchanges(actor=actor, **query)


@bp.get(ONE, auth=MEMBER, returns=schemas.ExchangeSchema, not_yet=frozenset({"include"}))
def get_exchange(actor: Actor, exchange_id: UUID) -> ExchangeView:
    """One exchange, with what one may do now."""
    return service.get_exchange(actor=actor, exchange_id=exchange_id)


@_action("accept", schemas.AcceptSchema)
def accept_exchange(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Say yes to a proposal as it was made, also late while it is still free."""
    try:
        service.accept_exchange(actor=actor, exchange_id=exchange_id, **body)
    except OtherThanProposed as refusal:
        now = service.view_as_it_is(actor=actor, exchange_id=exchange_id)
        refusal.extra["current"] = schemas.ExchangeSchema().dump(now)
        raise
    return service.view(actor=actor, exchange_id=exchange_id)


@_action("decline")
def decline_exchange(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Say no to a proposal."""
    service.decline_exchange(actor=actor, exchange_id=exchange_id)
    return service.view(actor=actor, exchange_id=exchange_id)


@_action("withdraw")
def withdraw_exchange(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Take one's proposal back."""
    service.withdraw_exchange(actor=actor, exchange_id=exchange_id)
    return service.view(actor=actor, exchange_id=exchange_id)


@_action("counter", schemas.CounterSchema)
def counter_exchange(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Propose other times instead."""
    service.counter_exchange(actor=actor, exchange_id=exchange_id, **body)
    return service.view(actor=actor, exchange_id=exchange_id)


@_action("cancel", schemas.CancelSchema)
def cancel_exchange(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Cancel what was agreed; in a dispute, propose that it ends so."""
    service.cancel_exchange(actor=actor, exchange_id=exchange_id, **body)
    return service.view(actor=actor, exchange_id=exchange_id)


@_action("hand_over", schemas.ThingHandedOverSchema)
def hand_over(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Say that the thing was handed over; the other side may object for 24 hours."""
    service.hand_over(actor=actor, exchange_id=exchange_id, **body)
    return service.view(actor=actor, exchange_id=exchange_id)


@_action("return", schemas.HandOverSchema)
def return_thing(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Say that the thing is back; in a dispute, propose that it ends so."""
    service.return_thing(actor=actor, exchange_id=exchange_id, **body)
    return service.view(actor=actor, exchange_id=exchange_id)


@_action("done", schemas.DoneSchema)
def finish_help(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Say that the help took place, and how long."""
    service.finish_help(actor=actor, exchange_id=exchange_id, **body)
    return service.view(actor=actor, exchange_id=exchange_id)


@_action("confirm", schemas.ConfirmSchema)
def confirm_help(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Confirm the help: its minutes, or fewer, move; in a dispute, propose that it ends so."""
    service.confirm_help(actor=actor, exchange_id=exchange_id, **body)
    return service.view(actor=actor, exchange_id=exchange_id)


@_action("dispute", schemas.DisputeSchema)
def dispute_exchange(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Say that it was otherwise."""
    service.dispute_exchange(actor=actor, exchange_id=exchange_id, **body)
    return service.view(actor=actor, exchange_id=exchange_id)


@_action("object")
def object_to_tap(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Object to the other side's tap, within 24 hours."""
    service.object_to_tap(actor=actor, exchange_id=exchange_id)
    return service.view(actor=actor, exchange_id=exchange_id)


@_action("extend", schemas.ExtendSchema)
def extend_loan(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Ask to keep it longer, or as its owner let it be kept."""
    service.extend_loan(actor=actor, exchange_id=exchange_id, **body)
    return service.view(actor=actor, exchange_id=exchange_id)


@_action("grant")
def grant_extension(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Let it be kept longer."""
    service.grant_extension(actor=actor, exchange_id=exchange_id)
    return service.view(actor=actor, exchange_id=exchange_id)


@_action("refuse")
def refuse_extension(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> ExchangeView:
    """Want it back as was agreed."""
    service.refuse_extension(actor=actor, exchange_id=exchange_id)
    return service.view(actor=actor, exchange_id=exchange_id)


@bp.post(f"{ONE}/settle", auth=MEMBER, body=schemas.SettleSchema, status=204, limits=(WRITE,))
def settle_dispute(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> None:
    """Say how a dispute ends; for moderators of the neighbourhood."""
    service.settle_dispute(actor=actor, exchange_id=exchange_id, **body)


@bp.get("/disputes", auth=MEMBER, query=PageQuerySchema, returns=page_of(schemas.DisputeShownSchema))
def list_disputes(actor: Actor, query: dict[str, Any]) -> Page:
    """Disputes that wait for a word; for moderators of the territory."""
    return service.list_disputes(actor=actor, **query)


@bp.get(
    f"{ONE}/code",
    auth=MEMBER,
    returns=schemas.CodeShownSchema,
    secret=True,
    docs=Documented(also={409: "There is no code to show at this stage."}),
)
def show_code(actor: Actor, exchange_id: UUID) -> ShownCode:
    """The code that one shows: the giver's for the hand-over, the receiver's for the return."""
    return service.show_code(actor=actor, exchange_id=exchange_id)


@bp.get(f"{ONE}/meeting", auth=MEMBER, returns=schemas.MeetingSchema)
def get_meeting(actor: Actor, exchange_id: UUID) -> Meeting:
    """Where the two meet."""
    return service.get_meeting(actor=actor, exchange_id=exchange_id)


@bp.put(f"{ONE}/meeting", auth=MEMBER, body=schemas.MeetingSetSchema, returns=schemas.MeetingSchema, limits=(WRITE,))
def set_meeting(actor: Actor, exchange_id: UUID, body: dict[str, Any]) -> Meeting:
    """Say where and when to meet."""
    return service.set_meeting(actor=actor, exchange_id=exchange_id, **body)


@bp.delete(f"{ONE}/meeting", auth=MEMBER, status=204)
def delete_meeting(actor: Actor, exchange_id: UUID) -> None:
    """Take the meeting place back."""
    service.delete_meeting(actor=actor, exchange_id=exchange_id)


@bp.get(f"{ONE}/calendar.ics", auth=MEMBER, docs=ICS)
def get_exchange_calendar(actor: Actor, exchange_id: UUID) -> Response:
    """For the phone's calendar."""
    return _calendar(service.read_calendar(actor=actor, exchange_id=exchange_id))


def _calendar(written: bytes) -> Response:
    """Nothing but 304 where the caller has the same already (INT-04)."""
    response = Response(written, mimetype="text/calendar")
    etags.tag(written, response)
    return response


@bp.get("/me/calendar", auth=MEMBER, returns=schemas.FeedSchema)
def find_feed(actor: Actor) -> Feed:
    """Whether one has a private calendar address, and since when."""
    return service.find_feed(actor=actor)


@bp.post("/me/calendar", auth=MEMBER, returns=schemas.FeedSchema, status=201, limits=(WRITE,), secret=True)
def make_feed(actor: Actor) -> Created:
    """Make a private calendar address; the one before leads nowhere."""
    return Created(service.make_feed(actor=actor), "/v1/me/calendar")


@bp.delete("/me/calendar", auth=MEMBER, status=204)
def delete_feed(actor: Actor) -> None:
    """End one's private calendar address."""
    service.delete_feed(actor=actor)


@feed_bp.get("/c/<string(length=32):token>", auth=PUBLIC, docs=ICS, limits=(FEEDS, FEED_READERS), secret=True)
def read_feed(token: str) -> Response:
    """A private calendar: when one picks up, brings back and helps, and for 30 days what was called off."""
    response = _calendar(service.read_feed(token=token))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
