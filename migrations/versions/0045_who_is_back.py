"""Absences that end and what waits for them, by indexes: apart, so that who only reads does not wait (NOT-01).

What ended before this came ended without anything that waits for it. Who is away at this moment was told things of
which no phone heard: these wait for their return.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None
NOT_WELCOMED = "away_until IS NOT NULL AND (returned_at IS NULL OR returned_at < away_until)"
UNSEEN_WHILE_AWAY = """
    UPDATE notifications AS n SET awaits_return = true
    FROM preferences AS p
    WHERE p.user_id = n.user_id AND p.away_until > now() AND n.read_at IS NULL AND n.type <> 'request_nearby'
      AND n.created_at > now() - interval '7 days'
      AND NOT EXISTS (SELECT FROM deliveries AS d WHERE d.notification_id = n.id)
"""


def upgrade() -> None:
    op.execute("UPDATE preferences SET returned_at = away_until WHERE away_until <= now()")
    op.execute(UNSEEN_WHILE_AWAY)
    op.create_index("ix_preferences_away_until", "preferences", ["away_until"], postgresql_where=sa.text(NOT_WELCOMED))
    op.create_index(
        "ix_notifications_awaits_return", "notifications", ["user_id"], postgresql_where=sa.text("awaits_return")
    )


def downgrade() -> None:
    op.drop_index("ix_notifications_awaits_return", "notifications")
    op.drop_index("ix_preferences_away_until", "preferences")
