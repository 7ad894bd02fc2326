"""invite members of others: who has an account is asked before a workshop counts them in"""

import sqlalchemy as sa

from alembic import op

revision = "20261206a"
down_revision = "20261205r"


def upgrade() -> None:
    op.add_column("membership", sa.Column("invited_as", sa.String(120), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("membership", "invited_as")
