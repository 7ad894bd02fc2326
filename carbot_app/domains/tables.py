"""Imports every module with tables, so that metadata and migrations are complete."""

from carbot_app.db.outbox import OutboxEvent
from carbot_app.domains.booking.models import Appointment, OccupiedCell, Resource
from carbot_app.domains.catalog.models import (
    CatalogChange,
    CatalogChangeItem,
    PriceRule,
    PriceTerms,
    Service,
    ServiceCategory,
)
from carbot_app.domains.conversations.models import AssistantUsage, Conversation, Message
from carbot_app.domains.customers.models import Consent, Customer, Vehicle
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.messaging.models import OutgoingMail, PushReceipt, PushSubscription
from carbot_app.domains.team.models import (
    ApiKey,
    Closure,
    LoginSession,
    Membership,
    PasswordReset,
    Person,
    Workshop,
)
from carbot_app.domains.tyres.models import WheelSet

TENANT_TABLES = (
    ApiKey, Appointment, AssistantUsage, CatalogChange, CatalogChangeItem, Closure, Consent, Conversation,
    Customer, Lead, Membership, Message, OccupiedCell, OutboxEvent, OutgoingMail, PriceRule,
    PriceTerms, PushSubscription, Resource, Service, ServiceCategory, Vehicle, WheelSet,
)  # fmt: skip
PLATFORM_TABLES = (LoginSession, PasswordReset, Person, PushReceipt, Workshop)
