"""Territories with fewer than eleven households show homes by town; the homes follow in the night's job."""

from __future__ import annotations

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE territories SET finest_resolution = 7 WHERE households < 11 AND finest_resolution > 7")


def downgrade() -> None:
    """Nothing to take back: the next import finds it from the households."""
