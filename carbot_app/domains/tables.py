"""Imports every module with tables, so that metadata and migrations are complete."""

from carbot_app.db.outbox import OutboxEvent
from carbot_app.domains.accounting.models import DatevExport, LedgerAccount
from carbot_app.domains.analytics.models import AnalyticsDaily, AnalyticsEvent
from carbot_app.domains.analytics.outlook_models import DemandForecast, ScoreWeights
from carbot_app.domains.analytics.reports.models import ReportAddress, ReportRun, ReportSchedule
from carbot_app.domains.analytics.view_models import DashboardView
from carbot_app.domains.automations.models import Automation, AutomationDeadline, AutomationRun
from carbot_app.domains.banking.models import BankEntry, BankStatement, DebitItem, DebitRun, SepaMandate
from carbot_app.domains.billing.dunning_models import BaseRate, DunningClaim, DunningNotice
from carbot_app.domains.billing.models import (
    AuditEntry,
    BillingTerms,
    Invoice,
    InvoiceDraft,
    InvoiceLine,
    NumberRange,
    Payment,
    Receivable,
)
from carbot_app.domains.booking.models import (
    Absence,
    Allocation,
    Appointment,
    BookingContract,
    BookingTerms,
    Claim,
    OccupiedCell,
    Resource,
    WaitlistEntry,
    WaitlistOffer,
    Withdrawal,
)
from carbot_app.domains.calendars.models import CalendarFeed, CalendarLink, SyncedEvent
from carbot_app.domains.calls.models import Callback
from carbot_app.domains.catalog.models import (
    CatalogChange,
    CatalogChangeItem,
    PriceRule,
    PriceTerms,
    Service,
    ServiceCategory,
)
from carbot_app.domains.compliance.models import Erasure, PrivacyExport, RetentionRun, RetentionTerms
from carbot_app.domains.conversations.desk_models import (
    CannedReply,
    Label,
    ThreadDraft,
    ThreadLabel,
    ThreadNote,
)
from carbot_app.domains.conversations.models import AssistantUsage, Conversation, Message, MessageFile
from carbot_app.domains.conversations.suggestion_models import SuggestedReply
from carbot_app.domains.customers.models import (
    Consent,
    ContactChange,
    ContactPoint,
    Customer,
    Vehicle,
)
from carbot_app.domains.diagnostics.models import (
    AdapterClaim,
    CodeClearing,
    CodeFinding,
    CodeReading,
    DiagnosticAdapter,
    DiagnosticAgent,
    DiagnosticBlock,
    DiagnosticMark,
    DiagnosticReport,
    DiagnosticSession,
    DiagnosticSummary,
    MaintenanceOffer,
)
from carbot_app.domains.expenses.models import Expense
from carbot_app.domains.knowledge.models import BargainingTerms, KnowledgeArticle, KnowledgeGap
from carbot_app.domains.leads.models import Lead, LeadModel
from carbot_app.domains.mailbox.models import Mailbox, ReceivedMail
from carbot_app.domains.messaging.models import (
    AppointmentAnswer,
    ContactPreference,
    DigestTerms,
    Escalation,
    EscalationTerms,
    MessagingTerms,
    NoticePreference,
    OutgoingMessage,
    ProviderHealth,
    PushReceipt,
    PushSubscription,
)
from carbot_app.domains.orders.models import (
    CheckIn,
    DeclinedJob,
    OrderApproval,
    OrderJob,
    OrderLine,
    WorkOrder,
)
from carbot_app.domains.payments.models import (
    DepositTerms,
    Dispute,
    PaymentAccount,
    PaymentRequest,
    Payout,
    ProviderEvent,
)
from carbot_app.domains.photos.models import Photo, PhotoBasket
from carbot_app.domains.ratings.models import VisitRating
from carbot_app.domains.tasks.models import Task
from carbot_app.domains.team.models import (
    ApiKey,
    Closure,
    LoginSession,
    Membership,
    PasswordReset,
    Person,
    Workshop,
)
from carbot_app.domains.tyres.models import SeasonCampaign, SeasonInvitation, WheelSet
from carbot_app.domains.vehicle_history.models import HistoryEntry, HistoryKey, HistoryText, VehicleChain
from carbot_app.domains.visit_access.models import VisitProof
from carbot_app.domains.wall.models import WallLink

TENANT_TABLES = (
    Absence, Allocation, ApiKey, Appointment, AppointmentAnswer, AssistantUsage, BookingContract,
    BookingTerms, CalendarFeed, CalendarLink, Callback, CatalogChange, CatalogChangeItem, Claim, Closure,
    Consent, ContactChange, ContactPoint, ContactPreference, Conversation, Customer, Lead, LeadModel,
    Mailbox, Membership, Message, MessageFile, MessagingTerms,
    OccupiedCell, OutboxEvent, OutgoingMessage, Photo, PhotoBasket, PriceRule, PriceTerms,
    PushSubscription, ReceivedMail,
    Resource, SeasonCampaign, SeasonInvitation, Service, ServiceCategory, SyncedEvent,
    Vehicle, WaitlistEntry, WaitlistOffer, WheelSet, Withdrawal,
    CannedReply, Label, ThreadDraft, ThreadLabel, ThreadNote,
    Automation, AutomationDeadline, AutomationRun, DigestTerms, Escalation, EscalationTerms,
    NoticePreference, Task,
    BargainingTerms, KnowledgeArticle, KnowledgeGap,
    Erasure, PrivacyExport, RetentionRun, RetentionTerms,
    SuggestedReply, VisitProof, VisitRating, WallLink,
    AuditEntry, BillingTerms, Invoice, InvoiceDraft, InvoiceLine, NumberRange, Payment, Receivable,
    CheckIn, DeclinedJob, OrderApproval, OrderJob, OrderLine, WorkOrder,
    BankEntry, BankStatement, DebitItem, DebitRun, SepaMandate, BaseRate, DunningClaim, DunningNotice,
    DatevExport, Expense, LedgerAccount,
    DepositTerms, Dispute, PaymentAccount, PaymentRequest, Payout,
    HistoryEntry, HistoryKey, HistoryText, VehicleChain,
    CodeClearing, CodeFinding, CodeReading, DiagnosticAdapter, DiagnosticAgent, DiagnosticBlock,
    DashboardView,
    AnalyticsDaily, AnalyticsEvent, DemandForecast, ScoreWeights,
    ReportAddress, ReportRun, ReportSchedule,
    DiagnosticMark, DiagnosticReport, DiagnosticSession, DiagnosticSummary, AdapterClaim, MaintenanceOffer,
)  # fmt: skip
PLATFORM_TABLES = (LoginSession, PasswordReset, Person, ProviderEvent, ProviderHealth, PushReceipt, Workshop)
