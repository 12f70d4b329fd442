"""Thanks that both wrote stay shown; what only time would have shown waits for a word of the person it is about."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NEVER = "timestamptz '9999-12-31 00:00:00+00'"


def upgrade() -> None:
    both = "EXISTS (SELECT FROM thanks o WHERE o.exchange_id = thanks.exchange_id AND o.author_id = thanks.about_id)"
    op.execute(f"UPDATE thanks SET shown = true WHERE {both}")  # noqa: S608  # constants
    op.execute(f"UPDATE thanks SET visible_at = {NEVER} WHERE shown IS NULL")  # noqa: S608  # constants
    op.create_index("ix_thanks_received", "thanks", ["about_id", "created_at", "exchange_id"])


def downgrade() -> None:
    op.drop_index("ix_thanks_received", table_name="thanks")
    hidden = f"visible_at = {NEVER}"
    op.execute(f"UPDATE thanks SET visible_at = created_at + interval '14 days' WHERE {hidden}")  # noqa: S608
