"""Standing interests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from neighbourly.core.db import Box

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("q", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("radius_m", sa.Integer(), nullable=True),
        sa.Column("reach", Box(), nullable=True),
        sa.Column("encoder", sa.String(), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(q) BETWEEN 2 AND 120", name=op.f("ck_saved_searches_q")),
        sa.CheckConstraint("kind IN ('item', 'skill', 'time')", name=op.f("ck_saved_searches_kind")),
        sa.CheckConstraint("radius_m BETWEEN 100 AND 50000", name=op.f("ck_saved_searches_radius")),
        sa.CheckConstraint("(encoder IS NULL) = (vector IS NULL)", name=op.f("ck_saved_searches_encoder")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_searches_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
    )
    op.create_index(
        "ix_saved_searches_pending",
        "saved_searches",
        ["id"],
        unique=False,
        postgresql_where=sa.text("vector IS NULL"),
    )
    op.create_index("ix_saved_searches_reach", "saved_searches", ["reach"], unique=False, postgresql_using="gist")
    op.create_index("ix_saved_searches_user", "saved_searches", ["user_id", "created_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_saved_searches_user", table_name="saved_searches")
    op.drop_index("ix_saved_searches_reach", table_name="saved_searches", postgresql_using="gist")
    op.drop_index("ix_saved_searches_pending", table_name="saved_searches", postgresql_where=sa.text("vector IS NULL"))
    op.drop_table("saved_searches")
