"""Behind the blocks that stand, people and things are called as they are now."""

from __future__ import annotations

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE blocks SET known_as = u.display_name FROM users u WHERE u.id = blocks.blocked_id")
    op.execute(
        """
        UPDATE exchanges e SET known_title = l.title, known_giver_name = g.display_name,
            known_receiver_name = r.display_name
        FROM listings l, users g, users r
        WHERE l.id = e.listing_id AND g.id = e.giver_id AND r.id = e.receiver_id AND EXISTS (
            SELECT FROM blocks b WHERE (b.blocker_id, b.blocked_id) IN ((g.id, r.id), (r.id, g.id))
        )
        """
    )


def downgrade() -> None:
    """Nothing to take back: the columns go with the revision before."""
