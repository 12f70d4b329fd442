"""What one person asked of others within a week, by an index; the asks of the last days get their asker.

Older asks count nowhere and stay without one. Apart from the columns, so that nobody waits who only reads.
"""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE asked VALIDATE CONSTRAINT fk_asked_asker_id_users")
    op.execute("ALTER TABLE asks VALIDATE CONSTRAINT ck_asks_waits_for")
    op.execute(
        "UPDATE asked SET asker_id = l.owner_id FROM listings l"
        " WHERE l.id = asked.listing_id AND asked.asked_at > now() - interval '8 days'"
    )
    op.create_index("ix_asked_asker", "asked", ["asker_id", "asked_at", "listing_id"])


def downgrade() -> None:
    op.drop_index("ix_asked_asker", "asked")
