"""chain vehicle histories: keys, chains of cars, entries that are only added, and their words"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261203b"
down_revision = "20261203a"

ENTRY = "history_entry"
TABLES = ("history_text", ENTRY, "vehicle_chain", "history_key")


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=f"fk_{name}_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_workshop_id", name, ["workshop_id"])
    protect_tenant_table(op, name)


def _text(name: str, most: int) -> sa.Column:
    return sa.Column(name, sa.String(most), nullable=False)


def _needed(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def _reference(table: str, parent: str, ondelete: str) -> list[sa.schema.SchemaItem]:
    column = f"{parent}_id"
    return [
        sa.Column(column, sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            [column], [f"{parent}.id"], name=f"fk_{table}_{column}_{parent}", ondelete=ondelete
        ),
    ]


def upgrade() -> None:
    _create(
        "history_key",
        _text("fingerprint", 64),
        _text("public_key", 64),
        _text("sealed_private", 255),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("workshop_id", "fingerprint", name="uq_history_key_workshop_id_fingerprint"),
    )
    _create(
        "vehicle_chain",
        *_reference("vehicle_chain", "vehicle", "SET NULL"),
        sa.UniqueConstraint("vehicle_id", name="uq_vehicle_chain_vehicle_id"),
    )
    _create(
        ENTRY,
        _needed("chain_id", sa.Uuid()),
        _needed("seq", sa.Integer()),
        _text("source", 80),
        _needed("content", JsonColumn),
        _text("hash", 64),
        _text("signature", 96),
        sa.UniqueConstraint("chain_id", "seq", name=f"uq_{ENTRY}_chain_id_seq"),
        sa.UniqueConstraint("chain_id", "source", name=f"uq_{ENTRY}_chain_id_source"),
    )
    _create(
        "history_text",
        _needed("entry_id", sa.Uuid()),
        _text("name", 12),
        _text("salt", 64),
        _needed("value", JsonColumn),
        *_reference("history_text", "customer", "CASCADE"),
        *_reference("history_text", "vehicle", "CASCADE"),
        sa.UniqueConstraint("entry_id", "name", name="uq_history_text_entry_id_name"),
    )
    for column in ("customer_id", "vehicle_id"):
        op.create_index(f"ix_history_text_{column}", "history_text", [column])
    _freeze()


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION freeze_{ENTRY}()")


def _freeze() -> None:
    refused = f"{ENTRY} rows cannot be changed"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION freeze_{ENTRY}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{refused}' USING ERRCODE = 'restrict_violation'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {ENTRY}_frozen BEFORE UPDATE OR DELETE ON {ENTRY} "
            f"FOR EACH ROW EXECUTE FUNCTION freeze_{ENTRY}()"
        )
        return
    for change in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {ENTRY}_frozen_{change} BEFORE {change.upper()} ON {ENTRY} "
            f"BEGIN SELECT RAISE(ABORT, '{refused}'); END"
        )
