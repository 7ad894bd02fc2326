"""record analytics: events that are only added, their sums per day, and the order to look back once"""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn
from carbot_app.db.tenancy import protect_tenant_table
from carbot_app.kit.clock import system_clock
from carbot_app.kit.ids import new_id

revision = "20261204a"
down_revision = "20261203c"

EVENT, DAILY = "analytics_event", "analytics_daily"
DUE = datetime(2000, 1, 1, tzinfo=UTC)
"""At once, whatever the clock of the machine that delivers says."""
FROZEN = (
    *("id", "created_at", "workshop_id", "kind", "subject_id", "part", "revision", "sign", "occurred_at"),
    *("day", "hour", "channel", "service_code", "technician_id", "quantity", "amount_cents"),
)


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


def upgrade() -> None:
    _create(
        EVENT,
        _text("kind", 24),
        _needed("subject_id", sa.Uuid()),
        _text("part", 32),
        _needed("revision", sa.Integer()),
        _needed("sign", sa.Integer()),
        _needed("occurred_at", sa.DateTime(timezone=True)),
        _needed("day", sa.Date()),
        _needed("hour", sa.Integer()),
        _text("channel", 12),
        _text("service_code", 20),
        sa.Column("technician_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        _needed("quantity", sa.BigInteger()),
        _needed("amount_cents", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=f"fk_{EVENT}_customer_id_customer", ondelete="SET NULL"
        ),
        sa.UniqueConstraint(
            *("workshop_id", "kind", "subject_id", "part", "revision"),
            name=f"uq_{EVENT}_workshop_id_kind_subject_id_part_revision",
        ),
    )
    op.create_index(f"ix_{EVENT}_customer_id", EVENT, ["customer_id"])
    op.create_index(f"ix_{EVENT}_day", EVENT, ["workshop_id", "kind", "day", "occurred_at"])
    op.create_index(f"ix_{EVENT}_came_again", EVENT, ["workshop_id", "kind", "customer_id", "day"])
    _create(
        DAILY,
        _needed("keeps", sa.Integer()),
        _text("kind", 24),
        _needed("day", sa.Date()),
        _needed("hour", sa.Integer()),
        _text("channel", 12),
        _text("service_code", 20),
        _needed("technician_id", sa.Uuid()),
        _needed("events", sa.Integer()),
        _needed("quantity", sa.BigInteger()),
        _needed("amount_cents", sa.BigInteger()),
        _needed("spread", sa.String()),
        sa.UniqueConstraint(
            *("workshop_id", "keeps", "kind", "channel", "service_code", "technician_id", "hour", "day"),
            name=f"uq_{DAILY}_sums",
        ),
    )
    _freeze()
    _look_back()


def downgrade() -> None:
    for name in (DAILY, EVENT):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION freeze_{EVENT}()")


def _look_back() -> None:
    """Have the outbox worker look through what the workshops have recorded so far (collecting.LOOK_BACK)."""
    outbox = sa.table(
        "outbox_event",
        *(sa.column("id", sa.Uuid()), sa.column("workshop_id", sa.Uuid()), sa.column("kind", sa.String())),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("created_at", "available_at")),
        *(sa.column("payload", JsonColumn), sa.column("handled_by", JsonColumn)),
        sa.column("attempts", sa.Integer()),
    )
    now = system_clock()
    workshops = op.get_bind().execute(sa.text("SELECT id FROM workshop")).scalars()
    rows = [
        {
            **{"id": new_id(), "workshop_id": UUID(str(workshop)), "kind": "analytics.collect"},
            **{"created_at": now, "available_at": DUE, "payload": {}, "handled_by": [], "attempts": 0},
        }
        for workshop in workshops
    ]
    if rows:
        op.bulk_insert(outbox, rows)


def _freeze() -> None:
    refused = f"{EVENT} rows cannot be changed"
    changes = {"update": f"UPDATE OF {', '.join(FROZEN)}", "delete": "DELETE"}
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION freeze_{EVENT}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{refused}' USING ERRCODE = 'restrict_violation'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {EVENT}_frozen BEFORE {' OR '.join(changes.values())} ON {EVENT} "
            f"FOR EACH ROW EXECUTE FUNCTION freeze_{EVENT}()"
        )
        return
    for change, words in changes.items():
        op.execute(
            f"CREATE TRIGGER {EVENT}_frozen_{change} BEFORE {words} ON {EVENT} "
            f"BEGIN SELECT RAISE(ABORT, '{refused}'); END"
        )
