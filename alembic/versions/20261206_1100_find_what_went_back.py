"""find what went back: the few payments that say a document may have been settled more than once"""

import sqlalchemy as sa

from alembic import op

revision = "20261206b"
down_revision = "20261206a"

_WENT_BACK = sa.text("amount_cents < 0")


def upgrade() -> None:
    op.create_index(
        "ix_payment_went_back",
        "payment",
        ["workshop_id", "invoice_id"],
        sqlite_where=_WENT_BACK,
        postgresql_where=_WENT_BACK,
    )


def downgrade() -> None:
    op.drop_index("ix_payment_went_back", "payment")
