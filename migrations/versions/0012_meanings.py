"""What listings mean, and whom to ask first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meanings",
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("encoder", sa.String(), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(encoder IS NULL) = (vector IS NULL)", name=op.f("ck_meanings_encoder")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_meanings_listing_id_listings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_meanings")),
    )
    op.create_index(
        "ix_meanings_pending", "meanings", ["listing_id"], unique=False, postgresql_where=sa.text("vector IS NULL")
    )
    op.create_index("ix_meanings_encoder", "meanings", ["encoder"], unique=False)
    # What was written before is noted and understood by the worker, a batch at a time: nobody waits for it here.
    op.add_column("listings", sa.Column("circle", sa.String(), nullable=True))
    op.add_column(
        "listings",
        sa.Column("left_open", postgresql.ARRAY(sa.String()), server_default=sa.text("'{}'"), nullable=False),
    )
    # Holds for what is written from now on; the next migration looks at the rest, without keeping writers out.
    op.execute("ALTER TABLE listings ADD CONSTRAINT ck_listings_circle CHECK (circle IN ('known')) NOT VALID")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_listings_circle"), "listings", type_="check")
    op.drop_column("listings", "left_open")
    op.drop_column("listings", "circle")
    op.drop_index("ix_meanings_encoder", table_name="meanings")
    op.drop_index("ix_meanings_pending", table_name="meanings", postgresql_where=sa.text("vector IS NULL"))
    op.drop_table("meanings")
