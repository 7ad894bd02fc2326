"""How a workshop bills, as people read and write it."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from carbot_app.domains.billing.dunning import Level


@dataclass(frozen=True, slots=True)
class BillingTermsInput:
    """All terms; see models.BillingTerms for what each means."""

    tax_number: str = ""
    cash_accounting: bool = False
    turnover_before_cents: int | None = None
    contact_name: str = ""
    account_holder: str = ""
    iban: str = ""
    bic: str = ""
    bank_name: str = ""
    creditor_id: str = ""
    payment_days: int = 14
    discount_days: int = 0
    discount_percent: Decimal = Decimal(0)
    number_formats: dict[str, str] = field(default_factory=dict)
    einvoice_form: str = "zugferd"
    texts: dict[str, str] = field(default_factory=dict)
    dunning: dict[str, Any] = field(default_factory=dict)
    datev: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BillingTermsView:
    """The terms with what the workshop says elsewhere."""

    terms: BillingTermsInput
    logo_file: str
    country: str
    currency: str
    vat_id: str
    small_business: bool
    missing: tuple[str, ...]
    """Fields without which nothing can be issued: street, postal_code, city, tax_number."""
    levels: tuple[Level, ...] = ()
    """How reminders follow each other: the workshop's own, or what holds until it says."""
