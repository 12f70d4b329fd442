"""A proposal counts how many counters renewed the time for its answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exchanges", sa.Column("renewals", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("exchanges", "renewals")
