"""describe services

Revision: what the library says about a service, and what the workshop changed itself.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "20261128a"
down_revision = "20261123a"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def _columns() -> list[sa.Column]:
    return [
        sa.Column("labour_units", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("lift", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("interval_km", sa.Integer(), nullable=True),
        sa.Column("interval_months", sa.Integer(), nullable=True),
        sa.Column("hu_relevant", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("dtc_families", JSON, nullable=False, server_default="[]"),
        sa.Column("vat_treatment", sa.String(20), nullable=False, server_default="standard"),
        sa.Column("exchange_part", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("upsells", JSON, nullable=False, server_default="[]"),
        sa.Column("notes", sa.String(300), nullable=False, server_default=""),
        sa.Column("own_fields", JSON, nullable=False, server_default="[]"),
    ]


def upgrade() -> None:
    with op.batch_alter_table("service") as table:
        for column in _columns():
            table.add_column(column)
    with op.batch_alter_table("workshop") as table:
        table.add_column(sa.Column("library_version", sa.String(16), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("workshop") as table:
        table.drop_column("library_version")
    with op.batch_alter_table("service") as table:
        for column in reversed(_columns()):
            table.drop_column(column.name)
