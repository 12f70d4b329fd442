"""Which pair of tokens has arrived at its phone, and why a device is silent.

Of sessions there are, the latest pair counts as arrived: what came before it opens nothing, as until now.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("arrived_generation", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE sessions SET arrived_generation = generation WHERE ended_at IS NULL")
    op.add_column("devices", sa.Column("disabled_because", sa.String(), nullable=True))
    op.create_check_constraint(
        op.f("ck_devices_disabled_because"), "devices", "disabled_because IN ('other_project', 'reused', 'lapsed')"
    )
    op.execute("UPDATE devices SET disabled_because = 'other_project' WHERE disabled_at IS NOT NULL")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_devices_disabled_because"), "devices")
    op.drop_column("devices", "disabled_because")
    op.drop_column("sessions", "arrived_generation")
