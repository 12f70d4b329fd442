"""Availability of listings, rules of neighbourhoods, copies, occupations and waiting lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CHECKS = (
    ("listings", "pause_minutes", "pause_minutes BETWEEN 0 AND 20160"),
    ("territories", "things_at_once", "things_at_once BETWEEN 1 AND 100"),
    ("territories", "open_proposals", "open_proposals BETWEEN 1 AND 100"),
    ("territories", "timebank_mode", "timebank_mode IN ('hours', 'gift')"),
    ("territories", "floor_minutes", "floor_minutes BETWEEN -6000 AND 0"),
)


def upgrade() -> None:
    op.create_table(
        "copies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("broken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_copies_number")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_copies_listing_id_listings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copies")),
        sa.UniqueConstraint("listing_id", "number", name=op.f("uq_copies_listing_id_number")),
    )
    op.create_table(
        "waiting",
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_waiting_period")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_waiting_listing_id_listings"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_waiting_user_id_users")),
        sa.PrimaryKeyConstraint("listing_id", "user_id", name=op.f("pk_waiting")),
    )
    op.create_index(
        "ix_waiting_asked_at", "waiting", ["asked_at"], unique=False, postgresql_where=sa.text("asked_at IS NOT NULL")
    )
    op.create_index("ix_waiting_line", "waiting", ["listing_id", "created_at"], unique=False)
    op.create_index(op.f("ix_waiting_user_id"), "waiting", ["user_id"], unique=False)
    op.create_table(
        "occupations",
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("copy_id", sa.Uuid(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("copy_id"), "="), (sa.column("period"), "&&"), using="gist", name="ex_occupations_no_overlap"
        ),
        sa.CheckConstraint("NOT isempty(period)", name=op.f("ck_occupations_period")),
        sa.ForeignKeyConstraint(["copy_id"], ["copies.id"], name=op.f("fk_occupations_copy_id_copies")),
        sa.PrimaryKeyConstraint("holder_id", name=op.f("pk_occupations")),
    )
    op.add_column(
        "listings",
        sa.Column(
            "availability", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
    )
    op.add_column(
        "listings",
        sa.Column(
            "unavailable", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
    )
    op.add_column("listings", sa.Column("pause_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("listings", sa.Column("private", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column(
        "preferences", sa.Column("show_answer_time", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column(
        "preferences", sa.Column("show_read_marks", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.add_column("territories", sa.Column("things_at_once", sa.Integer(), server_default=sa.text("5"), nullable=False))
    op.add_column(
        "territories", sa.Column("open_proposals", sa.Integer(), server_default=sa.text("10"), nullable=False)
    )
    op.add_column(
        "territories", sa.Column("timebank_mode", sa.String(), server_default=sa.text("'hours'"), nullable=False)
    )
    op.add_column(
        "territories", sa.Column("floor_minutes", sa.Integer(), server_default=sa.text("-300"), nullable=False)
    )
    for table, name, rule in CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def downgrade() -> None:
    op.drop_column("territories", "floor_minutes")
    op.drop_column("territories", "timebank_mode")
    op.drop_column("territories", "open_proposals")
    op.drop_column("territories", "things_at_once")
    op.drop_column("preferences", "show_read_marks")
    op.drop_column("preferences", "show_answer_time")
    op.drop_column("listings", "private")
    op.drop_column("listings", "pause_minutes")
    op.drop_column("listings", "unavailable")
    op.drop_column("listings", "availability")
    op.drop_table("occupations")
    op.drop_index(op.f("ix_waiting_user_id"), table_name="waiting")
    op.drop_index("ix_waiting_line", table_name="waiting")
    op.drop_index("ix_waiting_asked_at", table_name="waiting", postgresql_where=sa.text("asked_at IS NOT NULL"))
    op.drop_table("waiting")
    op.drop_table("copies")
