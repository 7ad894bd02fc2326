"""hear and see

Revision: what a photo of a message probably shows, and when the sound of a voice message was deleted.
"""

import sqlalchemy as sa

from alembic import op
from carbot_app.db.base import JsonColumn

revision = "20261130g"
down_revision = "20261130f"


def upgrade() -> None:
    finding = sa.Column("finding", JsonColumn, nullable=False, server_default=sa.text("'{}'"))
    op.add_column("message_file", finding)
    op.create_index("ix_message_file_kind", "message_file", ["kind", "reason"])


def downgrade() -> None:
    op.drop_index("ix_message_file_kind", "message_file")
    op.drop_column("message_file", "finding")
