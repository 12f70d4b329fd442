"""What waits for somebody, and what stands in their calendar: the agreed before the proposed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.exchanges.calendars import CALLED_OFF
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.selectors import ExchangeView, as_view, have_parted, select_views


def list_to_do(viewer_id: UUID, *, language: str, limit: int) -> list[ExchangeView]:
    """Exchanges that wait for this person: what is agreed before what is proposed, then the most urgent first.

    So no number of proposals hides a thing that is due. One statement.
    """
    now = clock.now()
    tomorrow = now + timedelta(days=1)
    mine = case((Exchange.giver_id == viewer_id, "giver"), else_="receiver")
    waits = or_(
        and_(Exchange.awaiting == mine, Exchange.state.in_(("proposed", "handed_over", "disputed"))),
        and_(Exchange.state == "disputed", Exchange.awaiting.is_(None)),
        and_(Exchange.state == "accepted", Exchange.starts_at < tomorrow),
        and_(Exchange.state == "handed_over", Exchange.kind == "loan", Exchange.ends_at < tomorrow),
        and_(Exchange.state == "done", Exchange.receiver_id == viewer_id),
    )
    due_at = func.coalesce(Exchange.expires_at, Exchange.ends_at, Exchange.starts_at)
    order = (Exchange.state == "proposed", due_at, Exchange.id)
    rows = db.session.execute(select_views(viewer_id).where(waits).order_by(*order).limit(limit)).mappings()
    return [as_view(row, viewer_id, language) for row in rows]


def list_for_calendar(
    viewer_id: UUID, language: str, *, since: datetime, called_off_since: datetime, limit: int
) -> list[ExchangeView]:
    """Someone's exchanges from a moment on, for a calendar, what was called off for as long as said; one statement.

    Where there are more than `limit`, those nearest to now are kept: of what is agreed and to come first, then of what
    is only proposed, so that nobody's proposals put an agreement out, then of what lies behind or was called off.
    """
    lately = func.coalesce(Exchange.ends_at, Exchange.starts_at) >= since
    goes_on = or_(Exchange.state.not_in(CALLED_OFF), Exchange.ended_at >= called_off_since)
    statement = select_views(viewer_id).where(lately, goes_on, ~have_parted(Exchange.giver_id, Exchange.receiver_id))
    order = (_rank_for_calendar(), func.abs(func.extract("epoch", Exchange.starts_at - clock.now())), Exchange.id)
    rows = db.session.execute(statement.order_by(*order).limit(limit)).mappings()
    return [as_view(row, viewer_id, language) for row in rows]


def _rank_for_calendar() -> ColumnElement[int]:
    is_to_come = func.coalesce(Exchange.ends_at, Exchange.starts_at) >= clock.now()
    agreed = Exchange.state.in_(("accepted", "handed_over", "disputed", "done"))
    return case((and_(is_to_come, agreed), 0), (and_(is_to_come, Exchange.state == "proposed"), 1), else_=2)
