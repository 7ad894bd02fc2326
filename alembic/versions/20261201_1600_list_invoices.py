"""list invoices: indexes that answer the list of invoices and its figures, and their full-text search"""

from alembic import op
from carbot_app.db.search_receivables import create_receivable_search, drop_receivable_search

revision = "20261201g"
down_revision = "20261201e"

FIGURES = (
    *("workshop_id", "state", "due_on", "issued_on", "is_business"),
    *("gross_cents", "due_cents", "settled_cents", "checked"),
)
ISSUED = ["workshop_id", "issued_on", "number", "state", "is_business", "gross_cents", "checked"]
PAID = ["workshop_id", "received_on", "kind", "amount_cents"]


def upgrade() -> None:
    op.drop_index("ix_receivable_issued", "receivable")
    op.create_index("ix_receivable_issued", "receivable", ISSUED)
    op.drop_index("ix_receivable_state", "receivable")
    op.create_index("ix_receivable_state", "receivable", list(FIGURES))
    op.create_index("ix_receivable_due", "receivable", ["workshop_id", "due_on", "number"])
    op.create_index("ix_receivable_amount", "receivable", ["workshop_id", "gross_cents", "number"])
    op.drop_index("ix_payment_received_on", "payment")
    op.create_index("ix_payment_received_on", "payment", PAID)
    op.create_index("ix_payment_method", "payment", ["workshop_id", "method", "invoice_id"])
    create_receivable_search(op.get_bind())


def downgrade() -> None:
    drop_receivable_search(op.get_bind())
    op.drop_index("ix_payment_method", "payment")
    op.drop_index("ix_payment_received_on", "payment")
    op.create_index("ix_payment_received_on", "payment", PAID[:2])
    op.drop_index("ix_receivable_amount", "receivable")
    op.drop_index("ix_receivable_due", "receivable")
    op.drop_index("ix_receivable_state", "receivable")
    op.create_index("ix_receivable_state", "receivable", list(FIGURES[:3]))
    op.drop_index("ix_receivable_issued", "receivable")
    op.create_index("ix_receivable_issued", "receivable", ISSUED[:3])
