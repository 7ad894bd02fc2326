"""One small function per table that saves a believable row and returns it.

Every factory takes the database and, for tenant tables, the workshop; keyword arguments replace fields.
"""

from tests.factories.actors import customer_of, staff_of
from tests.factories.booking import make_appointment, make_claim, make_resource
from tests.factories.calendars import make_calendar_feed, make_calendar_link, make_synced_event
from tests.factories.calls import make_callback
from tests.factories.catalog import make_service
from tests.factories.conversations import make_conversation, make_message, make_usage
from tests.factories.customers import make_customer, make_vehicle
from tests.factories.leads import make_lead
from tests.factories.messaging import make_event, make_mail, make_push_receipt, make_push_subscription
from tests.factories.team import (
    make_api_key,
    make_closure,
    make_login_session,
    make_membership,
    make_password_reset,
    make_person,
    make_workshop,
)
from tests.factories.tyres import make_wheel_set

__all__ = [
    "customer_of",
    "make_api_key",
    "make_appointment",
    "make_calendar_feed",
    "make_calendar_link",
    "make_callback",
    "make_claim",
    "make_closure",
    "make_conversation",
    "make_customer",
    "make_event",
    "make_lead",
    "make_login_session",
    "make_mail",
    "make_membership",
    "make_message",
    "make_password_reset",
    "make_person",
    "make_push_receipt",
    "make_push_subscription",
    "make_resource",
    "make_service",
    "make_synced_event",
    "make_usage",
    "make_vehicle",
    "make_wheel_set",
    "make_workshop",
    "staff_of",
]
