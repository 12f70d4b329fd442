"""Since when somebody is away, up to which absence all was done at its end, and what waits for a return (NOT-01)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("preferences", sa.Column("away_since", MOMENT, nullable=True))
    op.add_column("preferences", sa.Column("returned_at", MOMENT, nullable=True))
    op.add_column(
        "notifications", sa.Column("awaits_return", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("notifications", "awaits_return")
    op.drop_column("preferences", "returned_at")
    op.drop_column("preferences", "away_since")
