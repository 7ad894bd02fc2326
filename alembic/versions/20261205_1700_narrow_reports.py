"""narrow reports: what a report that was asked for is narrowed to and compared with"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn

revision = "20261205r"
down_revision = "20261205q"


def upgrade() -> None:
    with op.batch_alter_table("report_run") as table:
        table.add_column(sa.Column("filters", JsonColumn, nullable=False, server_default="{}"))
        table.add_column(sa.Column("compare_first", sa.Date()))
        table.add_column(sa.Column("compare_last", sa.Date()))
        table.add_column(sa.Column("compares", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("report_run") as table:
        for name in ("compares", "compare_last", "compare_first", "filters"):
            table.drop_column(name)
