"""Who bills: address, tax numbers and tax regime of the workshop, changed together and checked."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session
from stdnum.at import tin as austrian
from stdnum.de import stnr as german

from carbot_app.db.session import Database
from carbot_app.domains.billing.ports import RegisterAnswer, VatRegister
from carbot_app.domains.billing.terms import Biller, load_biller, terms_row
from carbot_app.domains.billing.vat_id import check_vat_id, normal_vat_id, well_formed
from carbot_app.domains.catalog.changes import TERMS, Edit, apply_edits
from carbot_app.domains.tax.vat import SMALL_BUSINESS, STANDARD
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Invalid
from carbot_app.kit.text import single_line

_ADDRESS = {"street": 120, "postal_code": 10, "city": 80}
_TAX_NUMBERS = {"DE": german.is_valid, "AT": austrian.is_valid}
"""Country → whether a number has the form of its tax offices; others are taken as they are told."""
_NO_REGISTER = frozenset({"CH"})
"""Countries whose numbers VIES does not know."""


@dataclass(frozen=True, slots=True)
class SellerInput:
    """What the owner says of the workshop as a taxpayer."""

    street: str
    postal_code: str
    city: str
    tax_number: str
    """Of the local tax office (Steuernummer)."""
    vat_id: str
    small_business: bool
    """Bills without VAT (§ 19 UStG; § 6(1) Nr. 27 UStG AT; Art. 10(2) MWSTG)."""
    cash_accounting: bool
    """VAT is owed when paid, not when supplied (§ 20 UStG)."""
    turnover_before_cents: int | None
    """Of the year before; None: not told."""


@dataclass(frozen=True, slots=True)
class SellerView:
    """The taxpayer as it is stored."""

    seller: SellerInput
    name: str
    country: str
    currency: str
    missing: tuple[str, ...]
    """See Biller.missing."""


class SellerService:
    """Reading needs ``invoices.read`` or ``billing.settings``, everything else ``billing.settings``."""

    def __init__(self, *, db: Database, register: VatRegister, forget: Callable[[UUID], None]) -> None:
        """``forget``: the prices of a workshop are to be read anew, its tax regime is part of them."""
        self._db = db
        self._register = register
        self._forget = forget

    def get(self, actor: Actor) -> SellerView:
        """The taxpayer."""
        actor.require_any("invoices.read", "billing.settings")
        with self._db.reading(actor.workshop_id) as session:
            return _view(load_biller(session, actor.workshop_id))

    def save(self, actor: Actor, seller: SellerInput) -> SellerView:
        """Replace it; documents issued before stay what they are.

        Raises:
            Invalid: with the field: ``billing_vat_id_invalid``, ``billing_tax_number_invalid``,
                ``billing_amount_invalid``, ``too_long``.

        """
        actor.require("billing.settings")
        with self._db.writing(actor.workshop_id) as session:
            workshop = session.get_one(Workshop, actor.workshop_id)
            for name, limit in _ADDRESS.items():
                setattr(workshop, name, single_line(getattr(seller, name), field=name, limit=limit))
            workshop.vat_id = _vat_id(seller.vat_id)
            session.add(workshop)
            self._save_terms(session, actor, seller, workshop.country)
            session.flush()
            view = _view(load_biller(session, actor.workshop_id))
        self._forget(actor.workshop_id)
        return view

    def check_vat_id(self, actor: Actor) -> str:
        """What the register says of the stored number now: one of vat_id.STATES; empty: there is no number.

        A register that is silent, or that does not know the country, leaves the number unverified.
        """
        actor.require("billing.settings")
        with self._db.reading(actor.workshop_id) as session:
            number = load_biller(session, actor.workshop_id).vat_id
        if not number:
            return ""
        asks = well_formed(number) and number[:2] not in _NO_REGISTER
        answer = self._register.ask(number) if asks else RegisterAnswer(None)
        return check_vat_id(number, registered=answer.registered)

    def _save_terms(self, session: Session, actor: Actor, seller: SellerInput, country: str) -> None:
        if (seller.turnover_before_cents or 0) < 0:
            raise Invalid("billing_amount_invalid", field="turnover_before_cents")
        row = terms_row(session, actor.workshop_id)
        row.tax_number = _tax_number(seller.tax_number, country)
        row.cash_accounting = seller.cash_accounting
        row.turnover_before_cents = seller.turnover_before_cents
        session.add(row)
        if load_biller(session, actor.workshop_id).small_business != seller.small_business:
            regime = SMALL_BUSINESS if seller.small_business else STANDARD
            edit = Edit(TERMS, str(actor.workshop_id), {"vat_regime": regime})
            apply_edits(session, actor, "terms", [edit])


def _view(biller: Biller) -> SellerView:
    workshop, terms = biller.workshop, biller.terms
    return SellerView(
        SellerInput(
            street=workshop.street,
            postal_code=workshop.postal_code,
            city=workshop.city,
            tax_number=terms.tax_number,
            vat_id=workshop.vat_id,
            small_business=biller.small_business,
            cash_accounting=terms.cash_accounting,
            turnover_before_cents=terms.turnover_before_cents,
        ),
        workshop.name,
        biller.country,
        biller.currency,
        biller.missing,
    )


def _vat_id(text: str) -> str:
    number = single_line(text, field="vat_id", limit=20)
    if number and not well_formed(number):
        raise Invalid("billing_vat_id_invalid", field="vat_id")
    # Switzerland writes CHE-123.456.788 MWST with its signs; the others go without
    return number if number.upper().startswith("CH") else normal_vat_id(number)


def _tax_number(text: str, country: str) -> str:
    number = single_line(text, field="tax_number", limit=30)
    fits = _TAX_NUMBERS.get(country)
    if number and fits is not None and not fits(number):
        raise Invalid("billing_tax_number_invalid", field="tax_number")
    return number
