"""attach files: mails that carry documents"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "20261201b"
down_revision = "20261201a"


def upgrade() -> None:
    kind = sa.JSON().with_variant(JSONB(), "postgresql")
    op.add_column("outgoing_message", sa.Column("attachments", kind, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("outgoing_message", "attachments")
