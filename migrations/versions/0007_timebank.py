"""The timebank, whose ledger refuses change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BALANCED = """
CREATE FUNCTION refuse_unbalanced_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    written uuid := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF (SELECT count(*) <> 2 OR sum(e.minutes) <> 0
            OR bool_or(e.minutes <> CASE e.account_id WHEN t.to_account_id THEN t.minutes ELSE -t.minutes END)
            OR bool_or(e.account_id NOT IN (t.from_account_id, t.to_account_id))
        FROM entries e JOIN transfers t ON t.id = e.transfer_id WHERE e.transfer_id = written) THEN
        RAISE EXCEPTION 'transfer % is not balanced', written USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$
"""
LEDGER = ("transfers", "entries")


def upgrade() -> None:
    op.create_table(
        "rejected_transfers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejected_transfers")),
    )
    op.create_table(
        "time_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("territory_id", sa.Uuid(), nullable=True),
        sa.Column("balance_minutes", sa.Integer(), nullable=False),
        sa.Column("pending_minutes", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(user_id IS NULL) <> (territory_id IS NULL)", name=op.f("ck_time_accounts_owner")),
        sa.CheckConstraint("pending_minutes >= 0", name=op.f("ck_time_accounts_pending")),
        sa.CheckConstraint("territory_id IS NULL OR balance_minutes >= 0", name=op.f("ck_time_accounts_pot")),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["territories.id"], name=op.f("fk_time_accounts_territory_id_territories")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_time_accounts_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_accounts")),
        sa.UniqueConstraint("territory_id", name=op.f("uq_time_accounts_territory_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_time_accounts_user_id")),
    )
    op.create_table(
        "pending_transfers",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("from_account_id", sa.Uuid(), nullable=False),
        sa.Column("to_account_id", sa.Uuid(), nullable=False),
        sa.Column("pot_account_id", sa.Uuid(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("covered_minutes", sa.Integer(), nullable=False),
        sa.Column("below_floor", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'posted', 'void', 'expired')", name=op.f("ck_pending_transfers_state")
        ),
        sa.CheckConstraint("covered_minutes BETWEEN 0 AND minutes", name=op.f("ck_pending_transfers_covered")),
        sa.CheckConstraint("from_account_id <> to_account_id", name=op.f("ck_pending_transfers_accounts")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_pending_transfers_minutes")),
        sa.ForeignKeyConstraint(
            ["from_account_id"], ["time_accounts.id"], name=op.f("fk_pending_transfers_from_account_id_time_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["pot_account_id"], ["time_accounts.id"], name=op.f("fk_pending_transfers_pot_account_id_time_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["to_account_id"], ["time_accounts.id"], name=op.f("fk_pending_transfers_to_account_id_time_accounts")
        ),
        sa.PrimaryKeyConstraint("exchange_id", name=op.f("pk_pending_transfers")),
    )
    op.create_index(
        "ix_pending_transfers_from",
        "pending_transfers",
        ["from_account_id"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(op.f("ix_pending_transfers_pot_account_id"), "pending_transfers", ["pot_account_id"], unique=False)
    op.create_index(op.f("ix_pending_transfers_to_account_id"), "pending_transfers", ["to_account_id"], unique=False)
    op.create_table(
        "transfers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("from_account_id", sa.Uuid(), nullable=False),
        sa.Column("to_account_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("exchange_id", sa.Uuid(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name=op.f("ck_transfers_reversal")),
        sa.CheckConstraint(
            "kind IN ('help', 'gift', 'share', 'cover', 'grant', 'reversal')", name=op.f("ck_transfers_kind")
        ),
        sa.CheckConstraint("from_account_id <> to_account_id", name=op.f("ck_transfers_accounts")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_transfers_minutes")),
        sa.ForeignKeyConstraint(
            ["from_account_id"], ["time_accounts.id"], name=op.f("fk_transfers_from_account_id_time_accounts")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_transfers_made_by_users")),
        sa.ForeignKeyConstraint(["reverses_id"], ["transfers.id"], name=op.f("fk_transfers_reverses_id_transfers")),
        sa.ForeignKeyConstraint(
            ["to_account_id"], ["time_accounts.id"], name=op.f("fk_transfers_to_account_id_time_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_transfers_reverses_id")),
    )
    op.create_index(
        "uq_transfers_help",
        "transfers",
        ["exchange_id", "kind"],
        unique=True,
        postgresql_where=sa.text("exchange_id IS NOT NULL"),
    )
    op.create_table(
        "entries",
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes <> 0", name=op.f("ck_entries_minutes")),
        sa.ForeignKeyConstraint(["account_id"], ["time_accounts.id"], name=op.f("fk_entries_account_id_time_accounts")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"], name=op.f("fk_entries_transfer_id_transfers")),
        sa.PrimaryKeyConstraint("transfer_id", "account_id", name=op.f("pk_entries")),
    )
    op.create_index("ix_entries_account", "entries", ["account_id", "created_at", "transfer_id"], unique=False)
    op.create_table(
        "memos",
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_memos_author_id_users")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"], name=op.f("fk_memos_transfer_id_transfers")),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f("pk_memos")),
    )
    op.create_index(op.f("ix_memos_author_id"), "memos", ["author_id"], unique=False)
    for table in LEDGER:
        op.execute(
            f"CREATE TRIGGER {table}_are_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stay BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(BALANCED)
    for table, column in zip(LEDGER, ("id", "transfer_id"), strict=True):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_are_balanced AFTER INSERT ON {table} "
            f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced_transfer('{column}')"
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_memos_author_id"), table_name="memos")
    op.drop_table("memos")
    op.drop_index("ix_entries_account", table_name="entries")
    op.drop_table("entries")
    op.drop_index("uq_transfers_help", table_name="transfers", postgresql_where=sa.text("exchange_id IS NOT NULL"))
    op.drop_table("transfers")
    op.drop_index(op.f("ix_pending_transfers_to_account_id"), table_name="pending_transfers")
    op.drop_index(op.f("ix_pending_transfers_pot_account_id"), table_name="pending_transfers")
    op.drop_index(
        "ix_pending_transfers_from", table_name="pending_transfers", postgresql_where=sa.text("state = 'pending'")
    )
    op.drop_table("pending_transfers")
    op.drop_table("time_accounts")
    op.drop_table("rejected_transfers")
    op.execute("DROP FUNCTION refuse_unbalanced_transfer")
