"""What a yes comes with: the answerer's own word for it, and one copy for what may be one thing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("title", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("listings", sa.Column("shares_copies_of", sa.Uuid(), nullable=True))
    # Checked for new rows alone, so that no long lock is held: in those there were it is empty.
    op.execute(
        "ALTER TABLE listings ADD CONSTRAINT fk_listings_shares_copies_of_listings"
        " FOREIGN KEY (shares_copies_of) REFERENCES listings (id) NOT VALID"
    )


def downgrade() -> None:
    op.drop_column("listings", "shares_copies_of")
    op.drop_column("answers", "title")
