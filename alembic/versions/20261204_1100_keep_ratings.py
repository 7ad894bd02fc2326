"""keep ratings: what customers thought of their visits, and the link to the screen on the wall"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.tenancy import protect_tenant_table

revision = "20261204b"
down_revision = "20261204a"

RATING, LINK = "visit_rating", "wall_link"


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
        RATING,
        *_own_columns(RATING),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(1000), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_wished_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=f"fk_{RATING}_appointment_id_appointment",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("appointment_id", name=f"uq_{RATING}_appointment_id"),
    )
    for column in ("workshop_id", "rated_at"):
        op.create_index(f"ix_{RATING}_{column}", RATING, [column])
    op.create_table(
        LINK,
        *_own_columns(LINK),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("shows_names", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("workshop_id", name=f"uq_{LINK}_workshop_id"),
        sa.UniqueConstraint("token", name=f"uq_{LINK}_token"),
    )
    op.create_index(f"ix_{LINK}_workshop_id", LINK, ["workshop_id"])
    for table in (RATING, LINK):
        protect_tenant_table(op, table)


def downgrade() -> None:
    op.drop_table(LINK)
    op.drop_table(RATING)
