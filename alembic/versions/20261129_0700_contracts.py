"""contracts

Revision: bookings that oblige to pay, and what withdrawals say about them.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261129g"
down_revision = "20261129f"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = ("booking_contract", "withdrawal")


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


def upgrade() -> None:
    with op.batch_alter_table("workshop") as table:
        table.add_column(sa.Column("online_booking", sa.String(8), nullable=False, server_default="request"))
        table.add_column(sa.Column("binding_since", sa.DateTime(timezone=True), nullable=True))
    _create(
        "booking_contract",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_version", sa.String(12), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("gross_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("services", JSON, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("early_start", sa.Boolean(), nullable=False),
        sa.Column("withdrawal_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name="fk_booking_contract_appointment_id_appointment",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("appointment_id", name="uq_booking_contract_appointment_id"),
        sa.UniqueConstraint("workshop_id", "number", name="uq_booking_contract_workshop_id_number"),
    )
    _create(
        "withdrawal",
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("sent", JSON, nullable=False),
        sa.Column("content_key", sa.String(64), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name="fk_withdrawal_appointment_id_appointment",
            ondelete="SET NULL",
        ),
        sa.UniqueConstraint("workshop_id", "content_key", name="uq_withdrawal_workshop_id_content_key"),
    )
    op.create_index("ix_withdrawal_appointment_id", "withdrawal", ["appointment_id"])
    for table in TABLES:
        protect_tenant_table(op, table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    with op.batch_alter_table("workshop") as table:
        table.drop_column("binding_since")
        table.drop_column("online_booking")
