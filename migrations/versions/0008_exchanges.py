"""Exchanges, meeting places, times to answer, calendar feeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_times",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("median_minutes", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_answer_times")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_calendar_feeds_token_digest")),
    )
    op.create_table(
        "exchanges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("neighbourhood_id", sa.Uuid(), nullable=True),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("awaiting", sa.String(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("agreed_minutes", sa.Integer(), nullable=True),
        sa.Column("as_gift", sa.Boolean(), nullable=False),
        sa.Column("requires_code", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.Column("tapped_by", sa.String(), nullable=True),
        sa.Column("tapped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extend_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disputed_from", sa.String(), nullable=True),
        sa.Column("dispute_reason", sa.String(), nullable=True),
        sa.Column("settle_as", sa.String(), nullable=True),
        sa.Column("condition_before", sa.String(), nullable=True),
        sa.Column("condition_after", sa.String(), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("code_locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'help') = (minutes IS NOT NULL)", name=op.f("ck_exchanges_minutes")),
        sa.CheckConstraint("awaiting IN ('giver', 'receiver')", name=op.f("ck_exchanges_awaiting")),
        sa.CheckConstraint("kind = 'gift' OR ends_at IS NOT NULL", name=op.f("ck_exchanges_ends_at")),
        sa.CheckConstraint("kind IN ('loan', 'gift', 'help')", name=op.f("ck_exchanges_kind")),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'handed_over', 'returned', 'done', 'confirmed',"
            " 'declined', 'withdrawn', 'expired', 'cancelled', 'disputed')",
            name=op.f("ck_exchanges_state"),
        ),
        sa.CheckConstraint("tapped_by IN ('giver', 'receiver')", name=op.f("ck_exchanges_tapped_by")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_exchanges_period")),
        sa.CheckConstraint("giver_id <> receiver_id", name=op.f("ck_exchanges_sides")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_exchanges_minutes_positive")),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name=op.f("fk_exchanges_answer_id_answers"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_exchanges_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["giver_id"], ["users.id"], name=op.f("fk_exchanges_giver_id_users")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_exchanges_listing_id_listings")),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["territories.id"], name=op.f("fk_exchanges_neighbourhood_id_territories")
        ),
        sa.ForeignKeyConstraint(["receiver_id"], ["users.id"], name=op.f("fk_exchanges_receiver_id_users")),
        sa.ForeignKeyConstraint(["request_id"], ["listings.id"], name=op.f("fk_exchanges_request_id_listings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_exchanges_conversation_id")),
    )
    op.create_index(op.f("ix_exchanges_answer_id"), "exchanges", ["answer_id"], unique=False)
    op.create_index("ix_exchanges_giver", "exchanges", ["giver_id", "created_at", "id"], unique=False)
    op.create_index("ix_exchanges_listing", "exchanges", ["listing_id", "state"], unique=False)
    op.create_index(
        "ix_exchanges_look_at", "exchanges", ["look_at"], unique=False, postgresql_where=sa.text("look_at IS NOT NULL")
    )
    op.create_index(op.f("ix_exchanges_neighbourhood_id"), "exchanges", ["neighbourhood_id"], unique=False)
    op.create_index("ix_exchanges_receiver", "exchanges", ["receiver_id", "created_at", "id"], unique=False)
    op.create_index(op.f("ix_exchanges_request_id"), "exchanges", ["request_id"], unique=False)
    op.create_table(
        "meetings",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchanges.id"], name=op.f("fk_meetings_exchange_id_exchanges"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["set_by"], ["users.id"], name=op.f("fk_meetings_set_by_users")),
        sa.PrimaryKeyConstraint("exchange_id", name=op.f("pk_meetings")),
    )


def downgrade() -> None:
    op.drop_table("meetings")
    op.drop_index(op.f("ix_exchanges_request_id"), table_name="exchanges")
    op.drop_index("ix_exchanges_receiver", table_name="exchanges")
    op.drop_index(op.f("ix_exchanges_neighbourhood_id"), table_name="exchanges")
    op.drop_index("ix_exchanges_look_at", table_name="exchanges", postgresql_where=sa.text("look_at IS NOT NULL"))
    op.drop_index("ix_exchanges_listing", table_name="exchanges")
    op.drop_index("ix_exchanges_giver", table_name="exchanges")
    op.drop_index(op.f("ix_exchanges_answer_id"), table_name="exchanges")
    op.drop_table("exchanges")
    op.drop_table("calendar_feeds")
    op.drop_table("answer_times")
