"""Why a code is mailed: it was asked for, or a sign-in was refused while a registration waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("email_codes", sa.Column("occasion", sa.String(), server_default=sa.text("'asked'"), nullable=False))
    op.execute(
        "ALTER TABLE email_codes ADD CONSTRAINT ck_email_codes_occasion"
        " CHECK (occasion IN ('asked', 'sign_in')) NOT VALID"
    )
    op.execute("ALTER TABLE email_codes VALIDATE CONSTRAINT ck_email_codes_occasion")


def downgrade() -> None:
    op.drop_column("email_codes", "occasion")
