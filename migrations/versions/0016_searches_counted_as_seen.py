"""Saved searches are as long as they look: one grapheme may be several code points."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE saved_searches DROP CONSTRAINT ck_saved_searches_q")
    op.execute(
        "ALTER TABLE saved_searches ADD CONSTRAINT ck_saved_searches_q CHECK (char_length(q) BETWEEN 2 AND 1000)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE saved_searches DROP CONSTRAINT ck_saved_searches_q")
    op.execute("ALTER TABLE saved_searches ADD CONSTRAINT ck_saved_searches_q CHECK (char_length(q) BETWEEN 2 AND 120)")
