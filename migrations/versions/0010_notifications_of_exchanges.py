"""Notifications about exchanges and conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notifications", sa.Column("exchange_id", sa.Uuid(), nullable=True))
    op.add_column("notifications", sa.Column("conversation_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_notifications_conversation_id_conversations"),
        "notifications",
        "conversations",
        ["conversation_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_notifications_exchange_id_exchanges"), "notifications", "exchanges", ["exchange_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_notifications_exchange_id_exchanges"), "notifications", type_="foreignkey")
    op.drop_constraint(op.f("fk_notifications_conversation_id_conversations"), "notifications", type_="foreignkey")
    op.drop_column("notifications", "conversation_id")
    op.drop_column("notifications", "exchange_id")
