"""Who asks, and from where: neighbours of the crowd who are signed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

import psycopg

from neighbourly.accounts.tokens import write_access
from neighbourly.core import cells
from tests.benchmarks.data import SECRET_KEY, Installation

SIGNED_IN = """
    SELECT u.id, s.id, h.cell, p.reach_m
    FROM sessions s JOIN users u ON u.id = s.user_id JOIN homes h ON h.user_id = u.id
    JOIN preferences p ON p.user_id = u.id
    ORDER BY md5(u.id::text) LIMIT %s
"""
RINGS = 3
"""People who move the map look from cells up to so many rings away from home."""


@dataclass(frozen=True)
class Neighbour:
    """Someone signed in."""

    user_id: UUID
    session_id: UUID
    home: cells.Cell
    reach_m: int

    def token(self, issued_at: datetime) -> str:
        """An access token, good for an hour."""
        return write_access(
            SECRET_KEY, user_id=self.user_id, session_id=self.session_id, generation=1, issued_at=issued_at
        )

    def places(self, count: int) -> Sequence[cells.Cell]:
        """Cells around home, and not home; always the same."""
        around = sorted(cells.rings(self.home, RINGS) - {self.home})
        return Random(self.user_id.int).sample(around, count)


def signed_in(installation: Installation, count: int) -> Sequence[Neighbour]:
    """So many, all over the country; always the same."""
    with psycopg.connect(installation.conninfo) as connection:
        return [Neighbour(*row) for row in connection.execute(SIGNED_IN, [count])]
