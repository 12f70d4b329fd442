"""What takes up stalled jobs is no job any more: those that still wait are for nobody."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'core.retry_stalled'")


def downgrade() -> None:
    """An older worker asks for it every ten seconds."""
