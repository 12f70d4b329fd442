"""Invitations: a code, a link and a QR; twenty uses, sixty days, no points and no ranking."""

from __future__ import annotations

import io
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import segno
from sqlalchemy import select

from neighbourly.accounts.models import Invitation
from neighbourly.accounts.selectors import Actor
from neighbourly.core import clock
from neighbourly.core.config import settings
from neighbourly.core.db import db, take_turns

LIVES, USES = timedelta(days=60), 20
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that nobody mixes up when they read a code from paper."""


@dataclass(frozen=True)
class InvitationCard:
    """What a neighbour hands on."""

    id: UUID
    code: str
    url: str
    qr_svg: str
    uses_left: int
    expires_at: datetime


def create_invitation(*, actor: Actor) -> tuple[InvitationCard, bool]:
    """Every neighbour may invite; who came by whom is not kept.

    A code that nobody has used yet is given again, for sixty days more, so that a second tap makes no second one. The
    flag says whether it is new.
    """
    take_turns(actor.id)
    unused = select(Invitation).where(Invitation.user_id == actor.id, Invitation.uses_left == USES)
    known = db.session.scalars(unused.order_by(Invitation.created_at.desc()).limit(1)).one_or_none()
    invitation = known or Invitation(user_id=actor.id, code="".join(secrets.choice(ALPHABET) for _ in range(10)))
    invitation.expires_at = clock.now() + LIVES
    db.session.add(invitation)
    db.session.flush()
    return _card(invitation), known is None


def _card(invitation: Invitation) -> InvitationCard:
    url = f"{settings().public_url}/i/{invitation.code}"
    return InvitationCard(
        invitation.id, invitation.code, url, _qr_svg(url), invitation.uses_left, invitation.expires_at
    )


def _qr_svg(url: str) -> str:
    """The link as an SVG that stands alone: phones show it as an image, not within a page."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", scale=4, border=2, xmldecl=False, nl=False)
    return out.getvalue().decode()
