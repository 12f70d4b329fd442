"""Who has approached whom, and threads that are closed to one side."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acquaintances",
        sa.Column("lower_id", sa.Uuid(), nullable=False),
        sa.Column("upper_id", sa.Uuid(), nullable=False),
        sa.Column("approacher_id", sa.Uuid(), nullable=False),
        sa.Column("approached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrote_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("word_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("taken_back_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("lower_id < upper_id", name=op.f("ck_acquaintances_order")),
        sa.CheckConstraint("approacher_id IN (lower_id, upper_id)", name=op.f("ck_acquaintances_approacher")),
        sa.ForeignKeyConstraint(["lower_id"], ["users.id"], name=op.f("fk_acquaintances_lower_id_users")),
        sa.ForeignKeyConstraint(["upper_id"], ["users.id"], name=op.f("fk_acquaintances_upper_id_users")),
        sa.ForeignKeyConstraint(["approacher_id"], ["users.id"], name=op.f("fk_acquaintances_approacher_id_users")),
        sa.PrimaryKeyConstraint("lower_id", "upper_id", name=op.f("pk_acquaintances")),
    )
    op.create_index(op.f("ix_acquaintances_upper_id"), "acquaintances", ["upper_id"])
    op.create_index(
        "ix_acquaintances_unanswered",
        "acquaintances",
        ["approacher_id", "approached_at"],
        postgresql_where=sa.text("opened_at IS NULL"),
    )
    op.add_column("participants", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("participants", "closed_at")
    op.drop_index("ix_acquaintances_unanswered", table_name="acquaintances")
    op.drop_index(op.f("ix_acquaintances_upper_id"), table_name="acquaintances")
    op.drop_table("acquaintances")
