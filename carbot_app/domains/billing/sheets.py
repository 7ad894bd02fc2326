"""What stands on every document of a workshop, read from its terms."""

from uuid import UUID

from sqlmodel import Session, select

from carbot_app.domains.billing.document import Address, Contact, Earlier, Identifier, Party
from carbot_app.domains.billing.document import Vehicle as PrintedVehicle
from carbot_app.domains.billing.draft_schemas import DraftInput
from carbot_app.domains.billing.paper import Look
from carbot_app.domains.billing.paper_making import Sheet
from carbot_app.domains.billing.terms import Biller
from carbot_app.domains.billing.working_out import BillingRules
from carbot_app.domains.customers.models import Vehicle
from carbot_app.kit.colour import AccentRefused, accent


def rules_of(biller: Biller) -> BillingRules:
    """What of the terms decides about amounts and days."""
    terms = biller.terms
    return BillingRules(
        biller.seller,
        biller.currency,
        terms.turnover_before_cents or 0,
        terms.payment_days,
        terms.discount_days,
        terms.discount_percent,
        terms.einvoice_form,
    )


def make_sheet(
    session: Session,
    biller: Biller,
    draft: DraftInput,
    kind: str,
    number: str,
    earlier: tuple[Earlier, ...] = (),
) -> Sheet:
    """The frame of one document."""
    terms = biller.terms
    return Sheet(
        kind=kind,
        number=number,
        seller=_seller(biller),
        look=_look(biller),
        iban=terms.iban,
        bic=terms.bic,
        account_holder=terms.account_holder or biller.workshop.name[:70],
        cash_accounting=terms.cash_accounting,
        vehicle=_vehicle(session, draft),
        earlier=earlier,
        closing=terms.texts.get(draft.language, ""),
    )


def _seller(biller: Biller) -> Party:
    workshop, terms = biller.workshop, biller.terms
    named = biller.vat_id or workshop.register_entry
    # Without a VAT number or a register entry the tax number has to name the seller (BR-CO-26).
    identifiers = () if named else (Identifier(terms.tax_number),)
    return Party(
        name=workshop.name,
        trade_name=workshop.short_name if workshop.short_name != workshop.name else "",
        address=Address(
            workshop.street, postcode=workshop.postal_code, city=workshop.city, country=biller.country
        ),
        identifiers=identifiers,
        legal_id=Identifier(workshop.register_entry),
        legal_info=workshop.represented_by,
        vat_id=biller.vat_id,
        tax_number=terms.tax_number,
        electronic_address=Identifier(workshop.email, "EM") if workshop.email else Identifier(""),
        contact=Contact(terms.contact_name or workshop.name, workshop.phone, workshop.email),
    )


def _look(biller: Biller) -> Look:
    workshop, terms = biller.workshop, biller.terms
    look = Look(
        logo_format=terms.logo_file.rpartition(".")[2] or "svg",
        website=workshop.website,
        bank_name=terms.bank_name,
    )
    try:
        colour = accent(workshop.accent_hue, workshop.accent_chroma).primary
    except AccentRefused:
        return look
    return Look(colour, logo_format=look.logo_format, website=look.website, bank_name=look.bank_name)


def _vehicle(session: Session, draft: DraftInput) -> PrintedVehicle | None:
    row = _find(session, draft.vehicle_id)
    plate = draft.plate or (row.plate if row else "")
    if not (plate or row or draft.order_number):
        return None
    return PrintedVehicle(
        plate=plate,
        vin=row.vin if row else "",
        kilometres=draft.km,
        model=f"{row.make} {row.model}".strip() if row else "",
        first_registered=row.registered_on if row else None,
        order_number=draft.order_number,
    )


def _find(session: Session, vehicle_id: UUID | None) -> Vehicle | None:
    if vehicle_id is None:
        return None
    return session.exec(select(Vehicle).where(Vehicle.id == vehicle_id)).first()
