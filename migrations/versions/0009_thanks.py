"""Thanks and concerns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "concerns",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("neighbourhood_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_concerns_author_id_users")),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchanges.id"], name=op.f("fk_concerns_exchange_id_exchanges")),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["territories.id"], name=op.f("fk_concerns_neighbourhood_id_territories")
        ),
        sa.PrimaryKeyConstraint("exchange_id", "author_id", name=op.f("pk_concerns")),
    )
    op.create_index(op.f("ix_concerns_author_id"), "concerns", ["author_id"], unique=False)
    op.create_index(op.f("ix_concerns_neighbourhood_id"), "concerns", ["neighbourhood_id"], unique=False)
    op.create_table(
        "thanks",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visible_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("author_id <> about_id", name=op.f("ck_thanks_another")),
        sa.ForeignKeyConstraint(["about_id"], ["users.id"], name=op.f("fk_thanks_about_id_users")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_thanks_author_id_users")),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchanges.id"], name=op.f("fk_thanks_exchange_id_exchanges")),
        sa.PrimaryKeyConstraint("exchange_id", "author_id", name=op.f("pk_thanks")),
    )
    op.create_index("ix_thanks_about", "thanks", ["about_id", "visible_at"], unique=False)
    op.create_index(op.f("ix_thanks_author_id"), "thanks", ["author_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_thanks_author_id"), table_name="thanks")
    op.drop_index("ix_thanks_about", table_name="thanks")
    op.drop_table("thanks")
    op.drop_index(op.f("ix_concerns_neighbourhood_id"), table_name="concerns")
    op.drop_index(op.f("ix_concerns_author_id"), table_name="concerns")
    op.drop_table("concerns")
