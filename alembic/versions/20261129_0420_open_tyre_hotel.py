"""open tyre hotel

Revision: when vehicles are inspected next, consent to reminders, and wheel sets in store.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261129d"
down_revision = "20261129c"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_STORED = sa.text("taken_on IS NULL")


def _vehicle_columns() -> list[sa.Column]:
    return [
        sa.Column("kind", sa.String(16), nullable=False, server_default="car"),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("inspection_due", sa.Date(), nullable=True),
    ]


def _owner(table: str, column: str) -> sa.ForeignKeyConstraint:
    target = column.removesuffix("_id")
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete="SET NULL"
    )


def _wheel_set() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("vehicle_id", sa.Uuid(), nullable=True),
        sa.Column("season", sa.String(12), nullable=False),
        sa.Column("size", sa.String(24), nullable=False),
        sa.Column("rims", sa.String(8), nullable=False),
        sa.Column("tpms", sa.String(8), nullable=False),
        sa.Column("location", sa.String(12), nullable=False),
        sa.Column("tyres", JSON, nullable=False),
        sa.Column("remarks", sa.String(500), nullable=False),
        sa.Column("fee_cents", sa.Integer(), nullable=False),
        sa.Column("stored_on", sa.Date(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        _owner("wheel_set", "customer_id"),
        _owner("wheel_set", "vehicle_id"),
        sa.UniqueConstraint("workshop_id", "code", name="uq_wheel_set_workshop_id_code"),
    ]


def _consent() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("text_version", sa.String(24), nullable=False),
        sa.Column("source", sa.String(24), nullable=False),
        sa.Column("noted_by", sa.String(120), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_consent_customer_id_customer", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("token", name="uq_consent_token"),
    ]


def _create(name: str, *columns: sa.schema.SchemaItem, indexed: tuple[str, ...]) -> None:
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
    for column in ("workshop_id", *indexed):
        op.create_index(f"ix_{name}_{column}", name, [column])
    protect_tenant_table(op, name)


def upgrade() -> None:
    with op.batch_alter_table("vehicle") as table:
        for column in _vehicle_columns():
            table.add_column(column)
    op.create_index("ix_vehicle_inspection_due", "vehicle", ["inspection_due"])
    _create("wheel_set", *_wheel_set(), indexed=("customer_id", "vehicle_id"))
    _create("consent", *_consent(), indexed=("customer_id",))
    op.create_index(
        "uq_wheel_set_place",
        "wheel_set",
        ["workshop_id", "location"],
        unique=True,
        sqlite_where=_STORED,
        postgresql_where=_STORED,
    )


def downgrade() -> None:
    op.drop_table("consent")
    op.drop_table("wheel_set")
    op.drop_index("ix_vehicle_inspection_due", "vehicle")
    with op.batch_alter_table("vehicle") as table:
        for column in reversed(_vehicle_columns()):
            table.drop_column(column.name)
