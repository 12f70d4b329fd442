"""What is due turn by turn, and what waits for a device, by indexes: apart, so that who only reads does not wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None
UNSENT = "state IN ('waiting', 'claimed')"


def upgrade() -> None:
    op.create_index("ix_deliveries_turn", "deliveries", ["turn", "due_at"], postgresql_where=sa.text(UNSENT))
    op.create_index("ix_deliveries_unsent", "deliveries", ["device_id"], postgresql_where=sa.text(UNSENT))


def downgrade() -> None:
    op.drop_index("ix_deliveries_unsent", "deliveries")
    op.drop_index("ix_deliveries_turn", "deliveries")
