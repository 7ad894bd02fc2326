"""Rows of the calls domain."""

from datetime import UTC, datetime
from typing import Any

from carbot_app.db.session import Database
from carbot_app.domains.calls.models import Callback
from carbot_app.domains.team.models import Workshop
from tests.factories.saving import save


def make_callback(database: Database, workshop: Workshop, **fields: Any) -> Callback:
    """Somebody who wants to be called on 2026-11-23 between two and four in Berlin."""
    defaults: dict[str, Any] = {
        "name": "Ayşe Yılmaz",
        "phone": "+491715550142",
        "starts_at": datetime(2026, 11, 23, 13, tzinfo=UTC),
        "ends_at": datetime(2026, 11, 23, 15, tzinfo=UTC),
        "source": "page",
    }
    return save(database, Callback(workshop_id=workshop.id, **{**defaults, **fields}))
