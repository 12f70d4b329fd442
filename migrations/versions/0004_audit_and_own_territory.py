"""The audit log refuses change, and the installation has its own territory."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
OWN = """
INSERT INTO territories (id, code, name, finest_resolution, is_own, version, created_at, updated_at)
VALUES (gen_random_uuid(), 'own', 'Alentours', 7, true, 1, now(), now())
"""


def upgrade() -> None:
    op.execute(REFUSE)
    op.execute(
        "CREATE TRIGGER audit_entries_are_append_only BEFORE UPDATE OR DELETE ON audit_entries "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_stay BEFORE TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(OWN)


def downgrade() -> None:
    op.execute("DELETE FROM territories WHERE is_own")
    op.execute("DROP TRIGGER audit_entries_stay ON audit_entries")
    op.execute("DROP TRIGGER audit_entries_are_append_only ON audit_entries")
    op.execute("DROP FUNCTION refuse_change")
