"""Which listings share copies, by an index: apart, so that who only reads listings does not wait for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_listings_shares_copies_of",
        "listings",
        ["shares_copies_of"],
        postgresql_where=sa.text("shares_copies_of IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_listings_shares_copies_of", "listings")
