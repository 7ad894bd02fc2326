"""A business document in neutral terms: EN 16931 as far as workshops write it and anybody sends it.

Amounts are hundredths of the currency and never float; quantities, unit prices and rates are Decimal. Names
such as BT-131 are the terms of the standard. Writers and readers of every syntax, and the layout on paper,
know only this.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

INVOICE, CREDIT, CORRECTION, PREPAYMENT, PARTIAL = "380", "381", "384", "386", "326"
SELF_BILLED = "389"
CREDIT_CODES = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"}
)
"""UNTDID 1001: documents whose positive amounts are owed to the buyer; UBL writes them as CreditNote."""

TRANSFER, SEPA_TRANSFER, SEPA_DEBIT, CARD, CASH = "30", "58", "59", "48", "10"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number with the scheme it comes from (ISO 6523, or EAS for electronic addresses)."""

    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is; ``country`` is ISO 3166."""

    line1: str = ""
    line2: str = ""
    line3: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask (BG-6, BG-9)."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Seller, buyer, payee, tax representative or place of delivery."""

    name: str = ""
    trade_name: str = ""
    address: Address = Address()
    identifiers: tuple[Identifier, ...] = ()
    legal_id: Identifier = Identifier("")
    """Entry in a register (BT-30, BT-47, BT-61)."""
    legal_info: str = ""
    vat_id: str = ""
    tax_number: str = ""
    """The number of the local tax office (BT-32)."""
    electronic_address: Identifier = Identifier("")
    contact: Contact = Contact()


@dataclass(frozen=True, slots=True)
class Tax:
    """A category of UNTDID 5305 with its rate in percent."""

    category: str = "S"
    percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance or a charge on a line or on the whole document; ``cents`` is what goes off or comes on."""

    cents: int
    charge: bool = False
    reason: str = ""
    reason_code: str = ""
    base_cents: int | None = None
    percent: Decimal | None = None
    tax: Tax | None = None
    """Only on the whole document (BT-95, BT-102)."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, either may be open."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What was supplied (BG-25)."""

    number: str
    name: str
    quantity: Decimal
    unit: str
    """UN/ECE recommendation 20 or 21: C62 pieces, HUR hours, LTR litres."""
    unit_price: Decimal
    """Net (BT-146), for ``price_base`` units."""
    net_cents: int
    tax: Tax
    description: str = ""
    note: str = ""
    price_base: Decimal = Decimal(1)
    gross_price: Decimal | None = None
    """Before the discount that is part of the price (BT-148)."""
    adjustments: tuple[Adjustment, ...] = ()
    period: Period = Period()
    seller_item: str = ""
    buyer_item: str = ""
    standard_item: Identifier = Identifier("")
    order_line: str = ""
    origin: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """Tax on the sum of everything of one category and rate (BG-23)."""

    tax: Tax
    base_cents: int
    tax_cents: int
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """BG-22 as it stands in the document; nothing is worked out from it here."""

    lines_cents: int
    net_cents: int
    """BT-109."""
    tax_cents: int
    """BT-110."""
    gross_cents: int
    """BT-112."""
    due_cents: int
    """BT-115."""
    allowances_cents: int = 0
    charges_cents: int = 0
    prepaid_cents: int = 0
    rounding_cents: int = 0
    tax_cents_other_currency: int | None = None
    """BT-111, in ``Document.tax_currency``."""


@dataclass(frozen=True, slots=True)
class Payment:
    """How to pay (BG-16); what is not needed for the means is empty."""

    means: str = SEPA_TRANSFER
    """UNTDID 4461."""
    text: str = ""
    iban: str = ""
    """Or another number of an account (BT-84)."""
    account_name: str = ""
    bic: str = ""
    mandate: str = ""
    creditor_id: str = ""
    debited_iban: str = ""
    card: str = ""
    card_holder: str = ""


@dataclass(frozen=True, slots=True)
class CashDiscount:
    """So much off for paying within so many days."""

    days: int
    percent: Decimal
    base_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The document this one cancels, corrects or follows (BG-3)."""

    number: str
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A text for the reader; ``subject`` is a code of UNTDID 4451."""

    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that explains the document, inside it or behind a link (BG-24)."""

    reference: str
    description: str = ""
    link: str = ""
    content: bytes = b""
    mime: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class References:
    """Numbers others gave (BT-10 to BT-19); a Leitweg-ID is ``buyer``."""

    buyer: str = ""
    project: str = ""
    contract: str = ""
    purchase_order: str = ""
    sales_order: str = ""
    receiving_advice: str = ""
    despatch_advice: str = ""
    tender: str = ""
    object: Identifier = Identifier("")
    accounting: str = ""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """The car the work was done on. The standard has no terms for it: it is printed, and goes into a note."""

    plate: str = ""
    vin: str = ""
    kilometres: int | None = None
    model: str = ""
    first_registered: date | None = None
    order_number: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One invoice, credit note or correction."""

    number: str
    issued_on: date
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    tax_groups: tuple[TaxGroup, ...]
    totals: Totals
    kind: str = INVOICE
    """UNTDID 1001."""
    currency: str = "EUR"
    tax_currency: str = ""
    specification: str = ""
    """BT-24 as read; writers set their own."""
    process: str = ""
    due_on: date | None = None
    supplied_on: date | None = None
    period: Period = Period()
    tax_point: date | None = None
    tax_point_code: str = ""
    payee: Party | None = None
    tax_representative: Party | None = None
    delivery: Party | None = None
    adjustments: tuple[Adjustment, ...] = ()
    payments: tuple[Payment, ...] = ()
    remittance: str = ""
    """What the payer writes (BT-83)."""
    terms: str = ""
    """Terms of payment in words (BT-20), without the discounts."""
    discounts: tuple[CashDiscount, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    references: References = References()
    notes: tuple[Note, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    vehicle: Vehicle | None = None

    @property
    def is_credit(self) -> bool:
        """Whether positive amounts are owed to the buyer."""
        return self.kind in CREDIT_CODES
