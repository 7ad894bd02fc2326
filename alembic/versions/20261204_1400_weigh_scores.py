"""weigh scores: how much each part of the performance score counts, and the demand forecast of the night"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261204e"
down_revision = "20261204d"

FORECAST, WEIGHTS = "demand_forecast", "score_weights"


def _own_columns(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=f"fk_{table}_workshop_id_workshop", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def upgrade() -> None:
    op.create_table(
        FORECAST,
        *_own_columns(FORECAST),
        sa.Column("series", sa.String(12), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("coverage", sa.Float()),
        sa.Column("bands", JsonColumn, nullable=False),
        sa.UniqueConstraint("workshop_id", "series", name=f"uq_{FORECAST}_workshop_id_series"),
    )
    op.create_table(
        WEIGHTS,
        *_own_columns(WEIGHTS),
        sa.Column("weights", JsonColumn, nullable=False),
        sa.UniqueConstraint("workshop_id", name=f"uq_{WEIGHTS}_workshop_id"),
    )
    for table in (FORECAST, WEIGHTS):
        op.create_index(f"ix_{table}_workshop_id", table, ["workshop_id"])
        protect_tenant_table(op, table)


def downgrade() -> None:
    op.drop_table(WEIGHTS)
    op.drop_table(FORECAST)
