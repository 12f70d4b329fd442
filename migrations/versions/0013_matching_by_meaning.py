"""How neighbours answer, and whether a no is for one need alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE listings VALIDATE CONSTRAINT ck_listings_circle")
    op.create_table(
        "habits",
        sa.Column("territory_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("yeses", sa.Integer(), nullable=False),
        sa.Column("median_minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["territories.id"], name=op.f("fk_habits_territory_id_territories"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("territory_id", name=op.f("pk_habits")),
    )
    op.add_column("answers", sa.Column("keep_asking", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    op.drop_column("answers", "keep_asking")
    op.drop_table("habits")
