"""season campaigns

Revision: campaigns that invite to the wheel change, and their invitations.
"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261129h"
down_revision = "20261129g"


def _reference(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete=ondelete
    )


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        *columns,
        _reference(name, "workshop_id", "workshop", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_workshop_id", name, ["workshop_id"])
    protect_tenant_table(op, name)


def upgrade() -> None:
    _create(
        "season_campaign",
        sa.Column("season", sa.String(12), nullable=False),
        sa.Column("service_code", sa.String(20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
    )
    _create(
        "season_invitation",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("vehicle_id", sa.Uuid(), nullable=True),
        sa.Column("wheel_set_id", sa.Uuid(), nullable=True),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("slot_id", sa.String(8), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        _reference("season_invitation", "campaign_id", "season_campaign", "CASCADE"),
        _reference("season_invitation", "customer_id", "customer", "CASCADE"),
        _reference("season_invitation", "vehicle_id", "vehicle", "SET NULL"),
        _reference("season_invitation", "wheel_set_id", "wheel_set", "SET NULL"),
        _reference("season_invitation", "appointment_id", "appointment", "SET NULL"),
        sa.UniqueConstraint(
            "campaign_id", "customer_id", name="uq_season_invitation_campaign_id_customer_id"
        ),
        sa.UniqueConstraint("token", name="uq_season_invitation_token"),
    )
    op.create_index("ix_season_invitation_customer_id", "season_invitation", ["customer_id"])


def downgrade() -> None:
    op.drop_table("season_invitation")
    op.drop_table("season_campaign")
