"""What tests of services share."""

from dataclasses import dataclass

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.catalog.editing import CatalogEditing
from carbot_app.domains.catalog.imports import CatalogImport
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.conversations.inbox import InboxService
from carbot_app.domains.conversations.service import ConversationService
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.leads.service import LeadService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from tests.factories import make_workshop, staff_of
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


@pytest.fixture
def workshop(database: Database) -> Workshop:
    """A workshop with the whole library."""
    workshop = make_workshop(database)
    with database.writing(workshop.id) as session:
        CatalogService(db=database).load_library(session, workshop.id)
    return workshop


@pytest.fixture
def owner(workshop: Workshop) -> Actor:
    """Somebody who may change the catalogue."""
    return staff_of(workshop)


@pytest.fixture
def catalog(database: Database) -> CatalogService:
    """The catalogue as customers and staff read it."""
    return CatalogService(db=database)


@pytest.fixture
def editing(database: Database, catalog: CatalogService) -> CatalogEditing:
    """Its editor."""
    return CatalogEditing(db=database, catalog=catalog)


@pytest.fixture
def imports(database: Database, catalog: CatalogService) -> CatalogImport:
    """Its import and export."""
    return CatalogImport(db=database, catalog=catalog)
