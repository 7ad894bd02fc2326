"""remember decided mismatches: what a person has decided about payments that differ, and why money goes back"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "20261202a"
down_revision = "20261201h"

TEXTS = {"mismatch_id": 120, "refund_reason": 140, "refund_by": 120}


def upgrade() -> None:
    for name, length in TEXTS.items():
        op.add_column(
            "payment_request", sa.Column(name, sa.String(length), nullable=False, server_default="")
        )
    kind = sa.JSON().with_variant(JSONB(), "postgresql")
    op.add_column("payment_request", sa.Column("decided", kind, nullable=False, server_default="[]"))


def downgrade() -> None:
    for name in ("decided", *reversed(TEXTS)):
        op.drop_column("payment_request", name)
