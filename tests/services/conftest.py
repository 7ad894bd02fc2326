"""What tests of services share."""

from dataclasses import dataclass

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.conversations.inbox import InboxService
from carbot_app.domains.conversations.service import ConversationService
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.leads.service import LeadService
from carbot_app.kit.clock import ManualClock
from tests.factories.front_desk import FrontDesk, open_front_desk


@dataclass(frozen=True, slots=True)
class Talks:
    """The services around conversations."""

    leads: LeadService
    conversations: ConversationService
    inbox: InboxService
    analytics: AnalyticsService


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> FrontDesk:
    """One workshop with its services."""
    return open_front_desk(database, clock)


@pytest.fixture
def talks(database: Database, clock: ManualClock) -> Talks:
    """Services around conversations, for workshops the test makes itself."""
    customers = CustomerService(db=database)
    leads = LeadService(db=database, clock=clock, customers=customers)
    return Talks(
        leads=leads,
        conversations=ConversationService(db=database, clock=clock, leads=leads),
        inbox=InboxService(db=database, clock=clock, customers=customers, leads=leads),
        analytics=AnalyticsService(db=database, clock=clock),
    )
