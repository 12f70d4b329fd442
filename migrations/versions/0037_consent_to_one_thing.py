"""What somebody said yes to is kept with the answer, and what was proposed with the exchange (CON-10)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("minutes", sa.Integer(), nullable=True))
    op.add_column("answers", sa.Column("terms", postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column("exchanges", sa.Column("consented_minutes", sa.Integer(), nullable=True))
    op.add_column("exchanges", sa.Column("terms_digest", sa.LargeBinary(), nullable=True))
    op.add_column(
        "exchanges",
        sa.Column("differs", postgresql.ARRAY(sa.String()), server_default=sa.text("'{}'"), nullable=False),
    )


def downgrade() -> None:
    for column in ("differs", "terms_digest", "consented_minutes"):
        op.drop_column("exchanges", column)
    for column in ("terms", "minutes"):
        op.drop_column("answers", column)
