"""The services of work orders, from the settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carbot_app.adapters.documents.typst_check_in import TypstProtocolPrinter
from carbot_app.adapters.documents.typst_documents import TypstDocumentPrinter
from carbot_app.adapters.images.signatures import PillowSignatures
from carbot_app.config import Settings
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.orders.approvals import ApprovalService
from carbot_app.domains.orders.check_in import CheckInService
from carbot_app.domains.orders.check_in_offers import CheckInOffers
from carbot_app.domains.orders.declined import DeclinedWork
from carbot_app.domains.orders.invoicing import OrderInvoicing
from carbot_app.domains.orders.ports import InvoiceDrafts
from carbot_app.domains.orders.reactions import OrderReactions
from carbot_app.domains.orders.service import OrderService


# Without slots: two bases that have some cannot be put together
@dataclass(frozen=True, kw_only=True)
class OrderServices:
    """What Services has of work orders."""

    orders: OrderService
    order_reactions: OrderReactions
    order_invoicing: OrderInvoicing
    approvals: ApprovalService
    declined: DeclinedWork
    check_ins: CheckInService
    check_in_offers: CheckInOffers


def order_services(
    settings: Settings,
    photos: Mapping[str, Any],
    *,
    customers: CustomerService,
    catalog: CatalogService,
    messaging: MessagingService,
    drafts: InvoiceDrafts,
) -> dict[str, Any]:
    """Fields of OrderServices; ``photos`` are the parts photos are kept with: db, clock, store, maker."""
    at = {"db": photos["db"], "clock": photos["clock"]}
    signatures = PillowSignatures()
    orders = OrderService(customers=customers, catalog=catalog, **at)
    return {
        "orders": orders,
        "order_reactions": OrderReactions(**at),
        "order_invoicing": OrderInvoicing(drafts=drafts, **at),
        "approvals": ApprovalService(
            messaging=messaging,
            signatures=signatures,
            printer=TypstDocumentPrinter(),
            public_url=settings.effective_public_url,
            **photos,
        ),
        "declined": DeclinedWork(orders=orders, **at),
        "check_ins": CheckInService(
            store=photos["store"],
            signatures=signatures,
            printer=TypstProtocolPrinter(),
            messaging=messaging,
            **at,
        ),
        "check_in_offers": CheckInOffers(orders=orders, **at),
    }
