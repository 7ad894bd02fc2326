"""issue diagnostic reports: what a customer was told about a car, frozen, with its link and its PDF"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261203c"
down_revision = "20261203b"

NAME = "diagnostic_report"


def _to(column: str, other: str, on_delete: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column(column, sa.Uuid(), nullable=on_delete != "CASCADE"),
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=f"fk_{NAME}_{column}_{other}", ondelete=on_delete
        ),
    )


def _at(name: str, *, needed: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def upgrade() -> None:
    op.create_table(
        NAME,
        sa.Column("id", sa.Uuid(), nullable=False),
        _at("created_at", needed=True),
        *_to("workshop_id", "workshop", "CASCADE"),
        *_to("session_id", "diagnostic_session", "CASCADE"),
        *_to("vehicle_id", "vehicle", "SET NULL"),
        *_to("customer_id", "customer", "SET NULL"),
        *_to("order_id", "work_order", "SET NULL"),
        *_to("appointment_id", "appointment", "SET NULL"),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("content", JsonColumn, nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        _at("issued_at", needed=True),
        sa.Column("issued_by", sa.String(120), nullable=False),
        sa.Column("sent_on", sa.String(10), nullable=False),
        _at("expires_at", needed=True),
        _at("opened_at"),
        _at("revoked_at"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{NAME}"),
        sa.UniqueConstraint("token", name=f"uq_{NAME}_token"),
    )
    for column in ("workshop_id", "session_id", "vehicle_id", "customer_id"):
        op.create_index(f"ix_{NAME}_{column}", NAME, [column])
    protect_tenant_table(op, NAME)


def downgrade() -> None:
    op.drop_table(NAME)
