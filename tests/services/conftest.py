"""What tests of services share."""

import pytest

from carbot_app.db.session import Database
from carbot_app.kit.clock import ManualClock
from tests.factories.front_desk import FrontDesk, open_front_desk


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> FrontDesk:
    """One workshop with its services."""
    return open_front_desk(database, clock)
