"""What the pot added for somebody lately is looked up at an acceptance, by an index of those helps alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_pending_transfers_covered",
        "pending_transfers",
        ["from_account_id"],
        postgresql_where=sa.text("covered_minutes > 0"),
    )


def downgrade() -> None:
    op.drop_index("ix_pending_transfers_covered", "pending_transfers")
