"""Homes from before `since`: since they last changed, apart from the column so that nobody waits who only reads."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE homes SET since = updated_at")


def downgrade() -> None:
    """Nothing to take back: the column goes with the revision before."""
