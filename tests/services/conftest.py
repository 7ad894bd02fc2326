"""Services wired to the test's database and clock."""

from dataclasses import dataclass

import pytest
from carbot_app.domains.customers.service import CustomerService

from carbot_app.db.session import Database
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.conversations.inbox import InboxService
from carbot_app.domains.conversations.service import ConversationService
from carbot_app.domains.leads.service import LeadService
from carbot_app.kit.clock import ManualClock


@dataclass(frozen=True, slots=True)
class Desk:
    """The services around conversations."""

    customers: CustomerService
    leads: LeadService
    conversations: ConversationService
    inbox: InboxService
    analytics: AnalyticsService


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    """Real services on the test's database."""
    customers = CustomerService(db=database)
    leads = LeadService(db=database, clock=clock, customers=customers)
    return Desk(
        customers=customers,
        leads=leads,
        conversations=ConversationService(db=database, clock=clock, leads=leads),
        inbox=InboxService(db=database, clock=clock, customers=customers, leads=leads),
        analytics=AnalyticsService(db=database, clock=clock),
    )
