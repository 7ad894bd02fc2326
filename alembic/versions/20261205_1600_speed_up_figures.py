"""speed up figures: an index of what knows a service, and one that holds all of the cohorts"""

import sqlalchemy as sa

from alembic import op

revision = "20261205q"
down_revision = "20261205a"

_CAME_AGAIN = ["workshop_id", "kind", "customer_id", "day"]
_HAS_SERVICE = sa.text("service_code <> ''")


def _keep_came_again(*more: str) -> None:
    op.drop_index("ix_analytics_event_came_again", "analytics_event")
    op.create_index("ix_analytics_event_came_again", "analytics_event", [*_CAME_AGAIN, *more])


def upgrade() -> None:
    _keep_came_again("part", "sign")
    op.create_index(
        "ix_analytics_event_service",
        "analytics_event",
        ["workshop_id", "kind", "service_code", "channel", "hour", "day"],
        sqlite_where=_HAS_SERVICE,
        postgresql_where=_HAS_SERVICE,
    )


def downgrade() -> None:
    op.drop_index("ix_analytics_event_service", "analytics_event")
    _keep_came_again()
