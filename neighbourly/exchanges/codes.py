"""Codes that attest a hand-over or a return: computed from the key, shown by one side, entered by the other."""

from __future__ import annotations

import hashlib
import hmac
import io
from datetime import timedelta
from typing import Literal
from uuid import UUID

import segno

Step = Literal["hand_over", "return"]
MAX_TRIES = 5
LOCKED_FOR = timedelta(minutes=15)


def code_of(secret: str, exchange_id: UUID, step: Step) -> str:
    """The six digits of one step of one exchange."""
    message = f"exchange\0{exchange_id}\0{step}".encode()
    digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def matches(secret: str, exchange_id: UUID, step: Step, entered: str) -> bool:
    """Whether these are they."""
    return hmac.compare_digest(code_of(secret, exchange_id, step), entered)


def qr_svg(code: str) -> str:
    """The digits as an SVG that stands alone."""
    out = io.BytesIO()
    segno.make(code, error="m", micro=False).save(out, kind="svg", scale=6, border=2, xmldecl=False, nl=False)
    return out.getvalue().decode()
