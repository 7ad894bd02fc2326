"""approve and check in: photos of jobs and of cars that came in, on which channel a question left"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "20261201d"
down_revision = "20261201b"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
OWNERS = (("order_job_id", "order_job"), ("check_in_id", "check_in"))


def upgrade() -> None:
    with op.batch_alter_table("photo") as table:
        for column, parent in OWNERS:
            table.add_column(sa.Column(column, sa.Uuid(), nullable=True))
            table.create_foreign_key(
                f"fk_photo_{column}_{parent}", parent, [column], ["id"], ondelete="CASCADE"
            )
    for column, _ in OWNERS:
        op.create_index(f"ix_photo_{column}", "photo", [column])
    with op.batch_alter_table("order_approval") as table:
        table.add_column(sa.Column("sent_on", sa.String(8), nullable=False, server_default=""))
    with op.batch_alter_table("check_in") as table:
        table.add_column(sa.Column("addenda", JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("check_in") as table:
        table.drop_column("addenda")
    with op.batch_alter_table("order_approval") as table:
        table.drop_column("sent_on")
    for column, _ in OWNERS:
        op.drop_index(f"ix_photo_{column}", "photo")
    with op.batch_alter_table("photo") as table:
        for column, parent in OWNERS:
            table.drop_constraint(f"fk_photo_{column}_{parent}", type_="foreignkey")
            table.drop_column(column)
