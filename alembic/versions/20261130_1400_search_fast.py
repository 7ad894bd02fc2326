"""search fast

Revision: searches on PostgreSQL ask for the newest rows and for how common a word is; hot leads name their thread in the index.
"""

from alembic import op
from carbot_app.db.search import install_search

revision = "20261130j"
down_revision = "20261130h"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # The first installation makes the index with the table
        op.create_index("ix_search_entry_newest", "search_entry", ["workshop_id", "ref"], if_not_exists=True)
    install_search(op.get_bind())
    _index_scores("workshop_id", "score", "conversation_id")


def downgrade() -> None:
    _index_scores("workshop_id", "score")


def _index_scores(*columns: str) -> None:
    op.drop_index("ix_lead_score", "lead")
    op.create_index("ix_lead_score", "lead", list(columns))
