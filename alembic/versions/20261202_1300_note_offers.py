"""note offers: what became of the one offer made while a car comes in"""

import sqlalchemy as sa

from alembic import op

revision = "20261202b"
down_revision = "20261202a"


def upgrade() -> None:
    with op.batch_alter_table("check_in") as table:
        table.add_column(sa.Column("offer_answer", sa.String(8), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("check_in") as table:
        table.drop_column("offer_answer")
