"""Payments as the settings name them, put together."""

from dataclasses import dataclass

from carbot_app.adapters.documents.payment_codes import TransferCodePrinter
from carbot_app.adapters.payments.stripe import StripePayments
from carbot_app.config import Settings
from carbot_app.db.session import Database
from carbot_app.domains.payments.accounts import PaymentAccountService
from carbot_app.domains.payments.deposits import DepositService
from carbot_app.domains.payments.event_desk import EventDesk
from carbot_app.domains.payments.events import ProviderEvents
from carbot_app.domains.payments.listing import PaymentList
from carbot_app.domains.payments.mismatches import MismatchService
from carbot_app.domains.payments.ports import DepositInvoices, PaymentProvider
from carbot_app.domains.payments.reconciliation import Reconciliation
from carbot_app.domains.payments.recording import PaymentService
from carbot_app.domains.payments.refunds import RefundService
from carbot_app.domains.payments.requests import PaymentRequests, PlatformFee
from carbot_app.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class Payments:
    """Everything about money that comes and goes back."""

    requests: PaymentRequests
    events: ProviderEvents
    refunds: RefundService
    recording: PaymentService
    accounts: PaymentAccountService
    deposits: DepositService
    reconciliation: Reconciliation
    list: PaymentList
    mismatches: MismatchService
    event_desk: EventDesk


def payment_provider(settings: Settings) -> PaymentProvider | None:
    """Stripe where a key is set; None: nobody pays online."""
    key = settings.stripe_secret_key.get_secret_value()
    if not key:
        return None
    return StripePayments(
        secret_key=key,
        webhook_secret=settings.stripe_webhook_secret.get_secret_value(),
        publishable_key=settings.stripe_publishable_key,
        api_base=settings.stripe_api_base,
        connects=settings.stripe_connect,
    )


def payment_services(
    settings: Settings,
    db: Database,
    clock: Clock,
    *,
    provider: PaymentProvider | None,
    invoices: DepositInvoices | None,
) -> Payments:
    """The services over a provider; without ``invoices`` no deposits are asked for."""
    provider = provider or payment_provider(settings)
    url = settings.effective_public_url
    fee = PlatformFee(settings.stripe_fee_percent, settings.stripe_fee_cents)
    events = ProviderEvents(db=db, clock=clock, provider=provider)
    refunds = RefundService(db=db, clock=clock, provider=provider, public_url=url)
    return Payments(
        requests=PaymentRequests(
            db=db, clock=clock, provider=provider, codes=TransferCodePrinter(), public_url=url, fee=fee
        ),
        events=events,
        refunds=refunds,
        recording=PaymentService(db=db, clock=clock),
        accounts=PaymentAccountService(db=db, provider=provider, public_url=url, fee=fee),
        deposits=DepositService(db=db, clock=clock, provider=provider, refunds=refunds, invoices=invoices),
        reconciliation=Reconciliation(db=db, clock=clock, provider=provider),
        list=PaymentList(db=db, provider=provider, public_url=url),
        mismatches=MismatchService(db=db, clock=clock, provider=provider, public_url=url),
        event_desk=EventDesk(db=db, events=events),
    )
