"""How a workshop bills: read, changed, and as everything that writes documents needs it."""

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, select
from stdnum.eu import at_02
from stdnum.exceptions import ValidationError

from carbot_app.db.session import Database
from carbot_app.domains.billing.cash_discount import CashDiscountTerm
from carbot_app.domains.billing.dunning import Level, default_levels
from carbot_app.domains.billing.einvoices import FORMS
from carbot_app.domains.billing.models import BillingTerms
from carbot_app.domains.billing.numbers import FORMATS, require_format
from carbot_app.domains.billing.payment_codes import normal_iban
from carbot_app.domains.billing.tax import Seller
from carbot_app.domains.billing.terms_schemas import BillingTermsInput, BillingTermsView
from carbot_app.domains.billing.vat_id import normal_vat_id
from carbot_app.domains.catalog.models import PriceTerms
from carbot_app.domains.photos.ports import FileStore, PictureMaker
from carbot_app.domains.tax.vat import SMALL_BUSINESS
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock, system_clock
from carbot_app.kit.errors import Invalid, NotFound, TooLarge
from carbot_app.kit.ids import new_id
from carbot_app.kit.languages import LANGUAGES
from carbot_app.kit.text import several_lines, single_line

MOST_LOGO_BYTES = 500_000
MOST_TEXT = 1000
MOST_DUNNING_DAYS = 90
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_LOGOS = {b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}
_LINES = {"tax_number": 30, "contact_name": 120, "account_holder": 70, "bank_name": 80}
_FIELDS = tuple(field.name for field in fields(BillingTermsInput))


@dataclass(frozen=True, slots=True)
class Biller:
    """A workshop as the one who bills."""

    workshop: Workshop
    terms: BillingTerms
    small_business: bool

    @property
    def country(self) -> str:
        """ISO 3166."""
        return self.workshop.country or "DE"

    @property
    def currency(self) -> str:
        """ISO 4217."""
        return self.workshop.currency or "EUR"

    @property
    def vat_id(self) -> str:
        """As registers and documents write it."""
        return normal_vat_id(self.workshop.vat_id)

    @property
    def seller(self) -> Seller:
        """For the choice of a tax."""
        return Seller(self.country, self.small_business, self.vat_id)

    @property
    def missing(self) -> tuple[str, ...]:
        """What the law wants on every invoice and is not told (§ 14(4) Nr. 1 and 2 UStG)."""
        workshop = self.workshop
        gaps = [name for name in ("name", "street", "postal_code", "city") if not getattr(workshop, name)]
        return tuple(gaps if self.vat_id or self.terms.tax_number else [*gaps, "tax_number"])


def load_biller(session: Session, workshop_id: UUID) -> Biller:
    """The workshop, its terms or the defaults, and whether it goes without VAT."""
    workshop = session.get(Workshop, workshop_id)
    if workshop is None:
        raise NotFound("workshop_unknown")
    prices = session.exec(select(PriceTerms).where(PriceTerms.workshop_id == workshop_id)).first()
    return Biller(
        workshop, terms_row(session, workshop_id), bool(prices and prices.vat_regime == SMALL_BUSINESS)
    )


def terms_row(session: Session, workshop_id: UUID) -> BillingTerms:
    """The row, or one with the defaults that is not stored."""
    row = session.exec(select(BillingTerms).where(BillingTerms.workshop_id == workshop_id)).first()
    return row or BillingTerms(workshop_id=workshop_id)


class BillingTermsService:
    """Reading needs ``invoices.read`` or ``billing.settings``, changing ``billing.settings``."""

    def __init__(
        self, *, db: Database, store: FileStore, maker: PictureMaker, clock: Clock = system_clock
    ) -> None:
        self._db, self._store, self._maker, self._clock = db, store, maker, clock

    def get(self, actor: Actor) -> BillingTermsView:
        """The terms."""
        actor.require_any("invoices.read", "billing.settings")
        with self._db.reading(actor.workshop_id) as session:
            return _view(load_biller(session, actor.workshop_id), self._clock().date())

    def save(self, actor: Actor, terms: BillingTermsInput) -> BillingTermsView:
        """Replace all terms.

        Raises:
            Invalid: with the field: ``billing_iban_invalid``, ``billing_bic_invalid``,
                ``billing_creditor_id_invalid``, ``billing_number_format``, ``billing_cash_discount_invalid``,
                ``billing_payment_days``, ``billing_form_unknown``, ``billing_amount_invalid``,
                ``billing_dunning_days``, ``too_long``.

        """
        actor.require("billing.settings")
        values = _checked(terms)
        with self._db.writing(actor.workshop_id) as session:
            row = terms_row(session, actor.workshop_id)
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)
            session.flush()
            return _view(load_biller(session, actor.workshop_id), self._clock().date())

    def set_logo(self, actor: Actor, content: bytes) -> BillingTermsView:
        """Take a PNG or JPEG as the logo. What was printed with an older one keeps it.

        Raises:
            Invalid: ``billing_logo_type`` and what else speaks against a picture. TooLarge:
                ``billing_logo_large``.

        """
        actor.require("billing.settings")
        if len(content) > MOST_LOGO_BYTES:
            raise TooLarge("billing_logo_large", field="logo", limit=MOST_LOGO_BYTES // 1000)
        suffix = next((end for begin, end in _LOGOS.items() if content.startswith(begin)), "")
        if not suffix:
            raise Invalid("billing_logo_type", field="logo")
        self._maker.make(content)
        name = f"{new_id()}{suffix}"
        self._store.put(actor.workshop_id, name, content)
        return self._point_to(actor, name)

    def remove_logo(self, actor: Actor) -> BillingTermsView:
        """Print without one from now on."""
        actor.require("billing.settings")
        return self._point_to(actor, "")

    def logo(self, actor: Actor) -> bytes:
        """The picture; empty: none."""
        actor.require_any("invoices.read", "billing.settings")
        with self._db.reading(actor.workshop_id) as session:
            name = terms_row(session, actor.workshop_id).logo_file
        return self._store.get(actor.workshop_id, name) if name else b""

    def _point_to(self, actor: Actor, name: str) -> BillingTermsView:
        with self._db.writing(actor.workshop_id) as session:
            row = terms_row(session, actor.workshop_id)
            row.logo_file = name
            session.add(row)
            session.flush()
            return _view(load_biller(session, actor.workshop_id), self._clock().date())


def _view(biller: Biller, on: date) -> BillingTermsView:
    told = biller.terms.dunning.get("levels")
    return BillingTermsView(
        BillingTermsInput(**{name: getattr(biller.terms, name) for name in _FIELDS}),
        biller.terms.logo_file,
        biller.country,
        biller.currency,
        biller.vat_id,
        biller.small_business,
        biller.missing,
        tuple(Level(**level) for level in told) if told else default_levels(on),
    )


def _checked(terms: BillingTermsInput) -> dict[str, Any]:
    values = {name: getattr(terms, name) for name in _FIELDS}
    for name, limit in _LINES.items():
        values[name] = single_line(values[name], field=name, limit=limit)
    values["iban"] = normal_iban(terms.iban) if terms.iban.strip() else ""
    values["bic"] = _bic(terms.bic)
    values["creditor_id"] = _creditor_id(terms.creditor_id)
    if not 0 <= terms.payment_days <= 366:
        raise Invalid("billing_payment_days", field="payment_days")
    if terms.discount_days or terms.discount_percent:
        CashDiscountTerm(terms.discount_percent, terms.discount_days)
    if terms.einvoice_form not in FORMS:
        raise Invalid("billing_form_unknown", field="einvoice_form")
    if (terms.turnover_before_cents or 0) < 0:
        raise Invalid("billing_amount_invalid", field="turnover_before_cents")
    for level in terms.dunning.get("levels", ()):
        if not (0 <= level["after_days"] <= MOST_DUNNING_DAYS >= level["deadline_days"] >= 0):
            raise Invalid("billing_dunning_days", field="dunning", limit=MOST_DUNNING_DAYS)
    told = terms.number_formats.items()
    values["number_formats"] = {kind: require_format(text) for kind, text in told if kind in FORMATS and text}
    values["texts"] = {
        language: several_lines(text, field="texts", limit=MOST_TEXT)
        for language, text in terms.texts.items()
        if language in LANGUAGES and text.strip()
    }
    return values


def _bic(text: str) -> str:
    bic = "".join(text.split()).upper()
    if bic and not _BIC.fullmatch(bic):
        raise Invalid("billing_bic_invalid", field="bic")
    return bic


def _creditor_id(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return at_02.validate(text)
    except ValidationError:
        raise Invalid("billing_creditor_id_invalid", field="creditor_id") from None
