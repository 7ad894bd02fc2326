"""Settings → adapters → services. Tests build their own with parts replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from carbot_app.adapters.ai.setup import external_assistant, open_media
from carbot_app.adapters.billing.setup import BillingServices, billing_services
from carbot_app.adapters.calendars.setup import calendar_accounts as named_calendars
from carbot_app.adapters.diagnostics.setup import Diagnostics, diagnostic_services
from carbot_app.adapters.documents.typst_history import TypstCertificatePrinter
from carbot_app.adapters.documents.typst_labels import TypstLabelPrinter
from carbot_app.adapters.identity.argon2 import Argon2PasswordHasher
from carbot_app.adapters.identity.ed25519 import Ed25519Signer
from carbot_app.adapters.identity.vault import AesVault
from carbot_app.adapters.images.pillow import PillowPictureMaker
from carbot_app.adapters.live.memory import MemoryLiveBus
from carbot_app.adapters.live.redis import RedisLiveBus
from carbot_app.adapters.mail.connecting import Network
from carbot_app.adapters.mail.servers import ImapSmtpServers
from carbot_app.adapters.mail.smtp import SmtpTransport
from carbot_app.adapters.messaging.setup import short_message_providers
from carbot_app.adapters.orders.setup import OrderServices, order_services
from carbot_app.adapters.payments.setup import Payments, payment_services
from carbot_app.adapters.privacy.setup import Privacy, privacy_services
from carbot_app.adapters.push.webpush import WebPushTransport
from carbot_app.adapters.reports.setup import Reports, report_services
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.adapters.storage.shelf import FileShelf
from carbot_app.adapters.webhooks.signed_post import SignedPost
from carbot_app.config import Settings, get_settings
from carbot_app.db.session import Database
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.analytics.demand import DemandForecasts
from carbot_app.domains.analytics.outlook import AnalyticsOutlook
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.analytics.side_by_side import LocationComparison
from carbot_app.domains.analytics.views import SavedViews
from carbot_app.domains.automations.actions import ActionHands
from carbot_app.domains.automations.ports import WebhookSender
from carbot_app.domains.automations.runner import AutomationRunner
from carbot_app.domains.automations.service import AutomationService
from carbot_app.domains.automations.webhooks import Webhooks
from carbot_app.domains.booking.first_day import FirstDay
from carbot_app.domains.booking.hours_service import HoursService
from carbot_app.domains.booking.resources_service import ResourceService
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.booking.waitlist import WaitlistService
from carbot_app.domains.booking.withdrawals import WithdrawalService
from carbot_app.domains.calendars.feed import CalendarFeeds
from carbot_app.domains.calendars.ports import CalendarAccounts
from carbot_app.domains.calendars.service import CalendarService
from carbot_app.domains.calendars.sync import CalendarSync
from carbot_app.domains.calls.service import CallbackService
from carbot_app.domains.catalog.editing import CatalogEditing
from carbot_app.domains.catalog.imports import CatalogImport
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.conversations.assistant import AssistantService
from carbot_app.domains.conversations.desk import DeskService
from carbot_app.domains.conversations.desk_words import DeskWords
from carbot_app.domains.conversations.drafts import DraftService
from carbot_app.domains.conversations.inbound import InboundService
from carbot_app.domains.conversations.inbound_answers import InboundAnswers
from carbot_app.domains.conversations.inbox import InboxService
from carbot_app.domains.conversations.local.assistant import LocalAssistant
from carbot_app.domains.conversations.nlu.analyser import load_analyser
from carbot_app.domains.conversations.notes import NoteService
from carbot_app.domains.conversations.recording import TurnRecorder
from carbot_app.domains.conversations.service import ConversationService
from carbot_app.domains.conversations.suggestion_tools import onlooker
from carbot_app.domains.conversations.suggestions import SuggestionService
from carbot_app.domains.conversations.understanding import MessageReader
from carbot_app.domains.customer_file.service import CustomerFiles
from carbot_app.domains.customers.consents import ConsentService
from carbot_app.domains.customers.editing import CustomerEditing
from carbot_app.domains.customers.merging import ContactMerging
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.customers.vehicles import VehicleService
from carbot_app.domains.diagnostics.ports import CarTalker, SummaryWriter
from carbot_app.domains.knowledge.service import KnowledgeService
from carbot_app.domains.leads.outcomes import LeadOutcomes
from carbot_app.domains.leads.service import LeadService
from carbot_app.domains.leads.training import LeadTraining
from carbot_app.domains.mailbox.intake import MailIntake
from carbot_app.domains.mailbox.ports import MailServers
from carbot_app.domains.mailbox.sending import OwnMail
from carbot_app.domains.mailbox.service import MailboxService
from carbot_app.domains.mailbox.watching import MailboxWatch
from carbot_app.domains.media.service import Media
from carbot_app.domains.messaging.answers import AnswerService
from carbot_app.domains.messaging.appointments import AppointmentMessages
from carbot_app.domains.messaging.attendance import AttendanceService
from carbot_app.domains.messaging.escalation import EscalationService
from carbot_app.domains.messaging.incoming import IncomingMessages
from carbot_app.domains.messaging.inspections import InspectionReminder
from carbot_app.domains.messaging.notice_mails import NoticeMails
from carbot_app.domains.messaging.notice_wishes import NoticeService
from carbot_app.domains.messaging.ports import MailTransport, PushTransport, ShortMessageProvider
from carbot_app.domains.messaging.push import PushService
from carbot_app.domains.messaging.push_actions import PushActions
from carbot_app.domains.messaging.reminders import ReminderService
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.messaging.thread_channels import MessagingChannels
from carbot_app.domains.messaging.thread_replies import ThreadReplies
from carbot_app.domains.payments.deposit_invoices import DepositInvoicing
from carbot_app.domains.payments.ports import DepositInvoices, PaymentProvider
from carbot_app.domains.photos.baskets import PhotoBaskets
from carbot_app.domains.photos.message_files import MessageFiles
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.photos.service import PhotoService
from carbot_app.domains.ratings.service import RatingService
from carbot_app.domains.tasks.service import TaskService
from carbot_app.domains.team.api_keys import ApiKeyService
from carbot_app.domains.team.identity import IdentityService
from carbot_app.domains.team.locations import LocationService
from carbot_app.domains.team.ports import PasswordHasher
from carbot_app.domains.team.service import TeamService
from carbot_app.domains.tyres.campaigns import CampaignService
from carbot_app.domains.tyres.season_links import SeasonLinks
from carbot_app.domains.tyres.season_sending import SeasonWaves
from carbot_app.domains.tyres.service import TyreService
from carbot_app.domains.vehicle_history.recording import HistoryRecorder
from carbot_app.domains.vehicle_history.service import VehicleHistories
from carbot_app.domains.visit_access.service import VisitAccess
from carbot_app.domains.wall.service import WallService
from carbot_app.kit.clock import Clock, system_clock
from carbot_app.kit.live import LiveBus


@dataclass(frozen=True, slots=True, kw_only=True)
class Services(BillingServices, OrderServices):
    """Everything states, API and jobs may call."""

    settings: Settings
    db: Database
    clock: Clock
    live: LiveBus
    passwords: PasswordHasher
    identity: IdentityService
    team: TeamService
    locations: LocationService
    api_keys: ApiKeyService
    customers: CustomerService
    customer_editing: CustomerEditing
    customer_files: CustomerFiles
    merging: ContactMerging
    vehicles: VehicleService
    vehicle_histories: VehicleHistories
    history_recorder: HistoryRecorder
    consents: ConsentService
    catalog: CatalogService
    catalog_editing: CatalogEditing
    catalog_import: CatalogImport
    files: FileShelf
    booking: BookingService
    resources: ResourceService
    hours: HoursService
    leads: LeadService
    lead_training: LeadTraining
    lead_outcomes: LeadOutcomes
    conversations: ConversationService
    knowledge: KnowledgeService
    inbox: InboxService
    desk: DeskService
    desk_words: DeskWords
    notes: NoteService
    drafts: DraftService
    assistant: AssistantService
    suggestions: SuggestionService
    inbound: InboundService
    incoming: IncomingMessages
    inbound_answers: InboundAnswers
    message_files: MessageFiles
    media: Media
    thread_replies: ThreadReplies
    messaging: MessagingService
    push: PushService
    appointment_messages: AppointmentMessages
    reminders: ReminderService
    answers: AnswerService
    attendance: AttendanceService
    waitlist: WaitlistService
    calls: CallbackService
    ratings: RatingService
    wall: WallService
    withdrawals: WithdrawalService
    analytics: AnalyticsService
    location_comparison: LocationComparison
    saved_views: SavedViews
    event_collector: EventCollector
    outlook: AnalyticsOutlook
    demand_forecasts: DemandForecasts
    reports: Reports
    calendars: CalendarService
    calendar_sync: CalendarSync
    calendar_feeds: CalendarFeeds
    tyres: TyreService
    campaigns: CampaignService
    season_waves: SeasonWaves
    season_links: SeasonLinks
    inspection_reminder: InspectionReminder
    photos: PhotoService
    photo_baskets: PhotoBaskets
    mailbox: MailboxService
    mailbox_watch: MailboxWatch
    tasks: TaskService
    automations: AutomationService
    automation_runner: AutomationRunner
    webhooks: Webhooks
    notices: NoticeService
    notice_mails: NoticeMails
    escalation: EscalationService
    push_actions: PushActions
    privacy: Privacy
    payments: Payments
    diagnostics: Diagnostics


@lru_cache(maxsize=1)
def get_services() -> Services:
    """The process-wide services."""
    return build_services(get_settings())


def build_services(
    settings: Settings,
    *,
    db: Database | None = None,
    clock: Clock = system_clock,
    live: LiveBus | None = None,
    passwords: PasswordHasher | None = None,
    mail: MailTransport | None = None,
    push: PushTransport | None = None,
    calendar_accounts: CalendarAccounts | None = None,
    providers: Sequence[ShortMessageProvider] | None = None,
    store: FileStore | None = None,
    mail_servers: MailServers | None = None,
    webhooks: WebhookSender | None = None,
    stripe: PaymentProvider | None = None,
    deposit_invoices: DepositInvoices | None = None,
    talker: CarTalker | None = None,
    writer: SummaryWriter | None = None,
) -> Services:
    """Services over the given parts; what is not given comes from the settings."""
    db = db or Database(settings.effective_database_url)
    passwords = passwords or Argon2PasswordHasher()
    mail = mail or (
        SmtpTransport(settings.smtp_url, sender=settings.mail_from) if settings.smtp_url else None
    )
    providers = short_message_providers(settings, clock) if providers is None else providers
    public_url = settings.effective_public_url
    vault = AesVault(settings.data_dir / "keys" / "secrets.key", key=settings.secret_key.get_secret_value())
    post: dict[str, Any] = {
        "db": db,
        "clock": clock,
        "servers": mail_servers or ImapSmtpServers(Network(private_hosts=settings.mail_private_hosts)),
        "vault": vault,
    }
    signing: dict[str, Any] = {"db": db, "clock": clock, "vault": vault, "signer": Ed25519Signer()}
    messaging = MessagingService(
        db=db,
        clock=clock,
        transport=mail,
        providers=providers,
        public_url=public_url,
        own_mail=OwnMail(**post),
    )
    customers = CustomerService(db=db)
    catalog = CatalogService(db=db, clock=clock)
    calls = CallbackService(db=db, clock=clock, customers=customers)
    leads = LeadService(db=db, clock=clock, customers=customers)
    conversations = ConversationService(db=db, clock=clock, leads=leads)
    desk: dict[str, Any] = {
        "db": db,
        "clock": clock,
        "customers": customers,
        "catalog": catalog,
        "recorder": conversations,
        "public_url": public_url,
    }
    booking = BookingService(**desk)
    waitlist = WaitlistService(**desk)
    appointment_messages = AppointmentMessages(
        db=db, clock=clock, booking=booking, messaging=messaging, public_url=public_url
    )
    accounts = calendar_accounts or named_calendars(settings)
    photos: dict[str, Any] = {
        "db": db,
        "clock": clock,
        "store": store or FolderFileStore(settings.data_dir / "files"),
        "maker": PillowPictureMaker(),
    }
    push_actions = PushActions(db=db, clock=clock, vault=vault)
    hands = ActionHands(clock, messaging, public_url)
    private_webhooks = settings.webhook_private_hosts
    sender = webhooks or SignedPost(private_hosts=private_webhooks)
    team = TeamService(db=db, clock=clock, settings=settings, mails=messaging)
    files = MessageFiles(db=db, store=photos["store"], maker=photos["maker"])
    inbound = InboundService(db=db, clock=clock, files=files)
    intake = MailIntake(db=db, clock=clock, inbound=inbound, messaging=messaging)
    incoming = IncomingMessages(
        db=db,
        clock=clock,
        messaging=messaging,
        inbound=inbound,
        public_url=public_url,
        fallback=settings.inbound_workshop,
    )
    channels = MessagingChannels(clock=clock, messaging=messaging)
    knowledge = KnowledgeService(db=db, clock=clock)
    billing = billing_services(
        settings, db, clock, messaging, mailed=photos["store"], forget_prices=catalog.forget
    )
    issuer = deposit_invoices or DepositInvoicing(db=db, invoices=billing["invoices"])
    payments = payment_services(settings, db, clock, provider=stripe, invoices=issuer)
    reading: dict[str, Any] = {
        "clock": clock,
        "analyser": load_analyser,
        "team": team,
        "customers": customers,
        "catalog": catalog,
        "conversations": conversations,
        "knowledge": knowledge,
        "booking": booking,
        "visits": VisitAccess(db=db, clock=clock, booking=booking, customers=customers, messaging=messaging),
    }
    recorder = TurnRecorder(customers=customers, leads=leads)
    assistant = AssistantService(
        clock=clock,
        reader=MessageReader(calls=calls, deposits=payments.deposits, **reading),
        conversations=conversations,
        recorder=recorder,
        local=LocalAssistant(),
        external=external_assistant(settings, db, clock),
    )
    analytics = AnalyticsService(db=db, clock=clock)
    setups = (FirstDay(catalog, booking),)
    locations = LocationService(db=db, setups=setups)
    live = live or (RedisLiveBus(settings.redis_url) if settings.redis_url else MemoryLiveBus())
    billing["invoices"].mails.ask_with(payments.requests.link_for_invoice)
    work = order_services(
        settings,
        photos,
        customers=customers,
        catalog=catalog,
        messaging=messaging,
        drafts=billing["invoices"],
    )
    return Services(
        settings=settings,
        db=db,
        clock=clock,
        live=live,
        passwords=passwords,
        identity=IdentityService(
            db=db,
            clock=clock,
            settings=settings,
            hasher=passwords,
            mails=messaging,
            setups=setups,
        ),
        team=team,
        locations=locations,
        api_keys=ApiKeyService(db=db, clock=clock),
        customers=customers,
        customer_editing=CustomerEditing(db=db, customers=customers),
        customer_files=CustomerFiles(db=db, clock=clock, customers=customers),
        merging=ContactMerging(db=db, clock=clock, customers=customers),
        vehicles=VehicleService(db=db, clock=clock, customers=customers),
        vehicle_histories=VehicleHistories(
            printer=TypstCertificatePrinter(), public_url=public_url, **signing
        ),
        history_recorder=HistoryRecorder(**signing),
        consents=ConsentService(db=db, clock=clock),
        catalog=catalog,
        catalog_editing=CatalogEditing(db=db, catalog=catalog, clock=clock),
        catalog_import=CatalogImport(db=db, catalog=catalog),
        files=FileShelf(settings.data_dir / "imports"),
        booking=booking,
        resources=ResourceService(db=db, clock=clock),
        hours=HoursService(db=db, clock=clock),
        leads=leads,
        lead_training=LeadTraining(db=db, clock=clock),
        lead_outcomes=LeadOutcomes(db=db, clock=clock),
        conversations=conversations,
        knowledge=knowledge,
        inbox=InboxService(db=db, clock=clock, customers=customers, leads=leads, channels=channels),
        desk=DeskService(db=db, clock=clock),
        desk_words=DeskWords(db=db),
        notes=NoteService(db=db, clock=clock),
        drafts=DraftService(db=db, clock=clock),
        assistant=assistant,
        suggestions=SuggestionService(db=db, clock=clock, reader=onlooker(**reading)),
        inbound=inbound,
        incoming=incoming,
        inbound_answers=InboundAnswers(db=db, clock=clock, assistant=assistant, channels=channels),
        message_files=files,
        media=open_media(settings, photos, conversations=conversations, catalog=catalog, recorder=recorder),
        thread_replies=ThreadReplies(
            db=db, clock=clock, messaging=messaging, channels=channels, public_url=public_url
        ),
        messaging=messaging,
        push=PushService(
            db=db,
            clock=clock,
            transport=push
            or WebPushTransport(settings.data_dir / "keys" / "vapid.pem", subject=settings.vapid_subject),
            hosts=settings.push_hosts.split(","),
            actions=push_actions,
        ),
        appointment_messages=appointment_messages,
        reminders=ReminderService(db=db, clock=clock, messages=appointment_messages),
        answers=AnswerService(
            db=db,
            clock=clock,
            messaging=messaging,
            messages=appointment_messages,
            providers=providers,
            waitlist=waitlist,
            deposits=payments.deposits,
            incoming=incoming,
        ),
        attendance=AttendanceService(db=db),
        waitlist=waitlist,
        calls=calls,
        ratings=RatingService(db=db, clock=clock, calls=calls),
        wall=WallService(db=db, clock=clock),
        withdrawals=WithdrawalService(mails=messaging, **desk),
        analytics=analytics,
        location_comparison=LocationComparison(locations=locations, analytics=analytics),
        reports=report_services(settings, db, clock, analytics=analytics, messaging=messaging),
        saved_views=SavedViews(db=db),
        event_collector=EventCollector(db=db, clock=clock, is_pouring=inbound.is_pouring),
        outlook=AnalyticsOutlook(db=db, clock=clock),
        demand_forecasts=DemandForecasts(db=db, clock=clock),
        calendars=CalendarService(db=db, clock=clock, accounts=accounts, vault=vault, public_url=public_url),
        calendar_sync=CalendarSync(db=db, clock=clock, accounts=accounts, vault=vault, booking=booking),
        calendar_feeds=CalendarFeeds(db=db, clock=clock),
        tyres=TyreService(
            db=db, clock=clock, customers=customers, labels=TypstLabelPrinter(), public_url=public_url
        ),
        campaigns=CampaignService(db=db, clock=clock, catalog=catalog),
        season_waves=SeasonWaves(
            db=db, clock=clock, catalog=catalog, messaging=messaging, public_url=public_url
        ),
        season_links=SeasonLinks(db=db, clock=clock, catalog=catalog, booking=booking, public_url=public_url),
        inspection_reminder=InspectionReminder(
            db=db, clock=clock, messaging=messaging, public_url=public_url
        ),
        photos=PhotoService(**photos),
        photo_baskets=PhotoBaskets(**photos),
        mailbox=MailboxService(intake=intake, any_port=settings.mail_private_hosts, **post),
        mailbox_watch=MailboxWatch(intake=intake, **post),
        tasks=TaskService(db=db, clock=clock),
        automations=AutomationService(
            db=db, clock=clock, hands=hands, vault=vault, private_hosts=private_webhooks
        ),
        automation_runner=AutomationRunner(db=db, clock=clock, hands=hands),
        webhooks=Webhooks(db=db, clock=clock, sender=sender, vault=vault),
        notices=NoticeService(db=db),
        notice_mails=NoticeMails(db=db, clock=clock, messaging=messaging, public_url=public_url),
        escalation=EscalationService(db=db, clock=clock),
        push_actions=push_actions,
        privacy=privacy_services(settings, db, clock, photos["store"]),
        payments=payments,
        diagnostics=diagnostic_services(
            settings,
            db,
            clock,
            customers=customers,
            catalog=catalog,
            booking=booking,
            messaging=messaging,
            orders=work["orders"],
            approvals=work["approvals"],
            store=photos["store"],
            live=live,
            talker=talker,
            writer=writer,
        ),
        **billing,
        **work,
    )
