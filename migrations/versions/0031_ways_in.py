"""Ways into an account: where and by what a sign-in was opened, mails about changes, and failed sign-ins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

PURPOSES = "purpose IN ('register', 'reset', 'confirm', 'sign_in')"
FEWER_PURPOSES = "purpose IN ('register', 'reset')"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("users", sa.Column("firebase_refused", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("sessions", sa.Column("network_digest", sa.LargeBinary(), nullable=True))
    op.add_column("sessions", sa.Column("proven_at", MOMENT, nullable=True))
    op.add_column("email_codes", sa.Column("withheld", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("email_codes", sa.Column("asker", sa.LargeBinary(), nullable=True))
    op.add_column("email_codes", sa.Column("mailed_at", MOMENT, nullable=True))
    _allow(PURPOSES)
    op.create_table(
        "account_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_account_notices_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_account_notices"),
    )
    op.create_index("ix_account_notices_user_id_kind", "account_notices", ["user_id", "kind", "created_at"])
    op.create_index("ix_account_notices_created_at", "account_notices", ["created_at"])
    op.create_table(
        "failed_attempts",
        sa.Column("mailbox", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "source", name="pk_failed_attempts"),
    )
    op.create_index("ix_failed_attempts_since", "failed_attempts", ["since"])


def downgrade() -> None:
    op.drop_table("failed_attempts")
    op.drop_table("account_notices")
    op.execute("DELETE FROM email_codes WHERE purpose IN ('confirm', 'sign_in')")
    _allow(FEWER_PURPOSES)
    for column in ("mailed_at", "asker", "withheld"):
        op.drop_column("email_codes", column)
    op.drop_column("sessions", "proven_at")
    op.drop_column("sessions", "network_digest")
    op.drop_column("users", "firebase_refused")


def _allow(purposes: str) -> None:
    """Codes live for two days: the table is small, and is read once."""
    op.execute("ALTER TABLE email_codes DROP CONSTRAINT ck_email_codes_purpose")
    op.execute(f"ALTER TABLE email_codes ADD CONSTRAINT ck_email_codes_purpose CHECK ({purposes}) NOT VALID")
    op.execute("ALTER TABLE email_codes VALIDATE CONSTRAINT ck_email_codes_purpose")
