"""A device without a language of its own follows its account; those that say the same as theirs do from now on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("devices", "language", existing_type=sa.String(), nullable=True)
    op.execute(
        "UPDATE devices SET language = NULL FROM users WHERE users.id = user_id AND users.language = devices.language"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE devices SET language = users.language FROM users WHERE users.id = user_id AND devices.language IS NULL"
    )
    op.alter_column("devices", "language", existing_type=sa.String(), nullable=False)
