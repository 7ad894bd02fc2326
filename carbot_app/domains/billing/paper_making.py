"""A worked-out draft as a document of EN 16931 and as paper; pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from carbot_app.domains.billing import document as en
from carbot_app.domains.billing.net_lines import NetLine, net_lines
from carbot_app.domains.billing.paper import CREDIT, DEPOSIT, INVOICE, Look, Paper
from carbot_app.domains.billing.tax import HANDED_ON
from carbot_app.domains.billing.totals import OLD_PART, TaxGroup
from carbot_app.domains.billing.vat_id import normal_vat_id
from carbot_app.domains.billing.working_out import CARRIED_TO, Worked
from carbot_app.kit.i18n import list_words, translate
from carbot_app.kit.money import format_cents

_KINDS = {INVOICE: en.INVOICE, DEPOSIT: en.PREPAYMENT, CREDIT: en.CREDIT}
_DISCOUNT_CODE = "95"
"""UNTDID 5189: a discount."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on every document of a workshop, and on this one beside its figures."""

    kind: str
    """invoice, deposit or credit."""
    number: str
    seller: en.Party
    look: Look
    iban: str = ""
    bic: str = ""
    account_holder: str = ""
    cash_accounting: bool = False
    vehicle: en.Vehicle | None = None
    earlier: tuple[en.Earlier, ...] = ()
    closing: str = ""


def make_paper(worked: Worked, sheet: Sheet) -> Paper:
    """The paper of a draft under its number."""
    draft = worked.draft
    return Paper(
        kind=sheet.kind,
        document=make_document(worked, sheet),
        language=draft.language,
        look=sheet.look,
        country=worked.rules.seller.country,
        intro=draft.intro,
        closing=draft.closing or sheet.closing,
        paid_on=draft.received_on,
    )


def make_document(worked: Worked, sheet: Sheet) -> en.Document:
    """The document of a draft under its number."""
    draft, totals, settlement = worked.draft, worked.totals, worked.settlement
    alone = worked.choice.alone
    asks = sheet.kind != CREDIT and settlement.payable_cents > 0
    return en.Document(
        number=sheet.number,
        issued_on=worked.issued_on,
        seller=_nameless(sheet.seller) if alone else sheet.seller,
        buyer=_buyer(worked),
        lines=tuple(_lines(worked)),
        tax_groups=tuple(_group(worked, group) for group in totals.groups),
        totals=en.Totals(
            totals.line_cents,
            totals.net_cents,
            totals.vat_cents,
            totals.gross_cents,
            settlement.payable_cents,
            allowances_cents=totals.allowance_cents,
            prepaid_cents=settlement.deposit_cents,
        ),
        kind=_KINDS[sheet.kind],
        currency=worked.rules.currency,
        due_on=worked.due_on if settlement.payable_cents > 0 else None,
        supplied_on=worked.supplied_on,
        period=en.Period(draft.supplied_from, worked.supplied_on) if draft.supplied_from else en.Period(),
        delivery=_delivery(worked),
        adjustments=tuple(_allowances(worked)),
        payments=_payments(sheet, worked.rules.currency) if asks else (),
        remittance=sheet.number,
        discounts=_discounts(worked) if asks else (),
        earlier=sheet.earlier,
        references=en.References(
            buyer=draft.buyer.buyer_reference,
            purchase_order="",
            sales_order=draft.order_number,
        ),
        notes=tuple(en.Note(text) for text in _notes(worked, sheet)),
        vehicle=sheet.vehicle,
    )


def negated(document: en.Document, number: str, on: date) -> en.Document:
    """What takes a whole document back (UNTDID 384): negative quantities and sums, prices as they were."""
    totals = document.totals
    return replace(
        document,
        number=number,
        issued_on=on,
        kind=en.CORRECTION,
        lines=tuple(_negated_line(line) for line in document.lines),
        tax_groups=tuple(
            replace(group, base_cents=-group.base_cents, tax_cents=-group.tax_cents)
            for group in document.tax_groups
        ),
        totals=en.Totals(
            -totals.lines_cents,
            -totals.net_cents,
            -totals.tax_cents,
            -totals.gross_cents,
            -totals.due_cents,
            -totals.allowances_cents,
            -totals.charges_cents,
            -totals.prepaid_cents,
            -totals.rounding_cents,
        ),
        adjustments=tuple(_negated_adjustment(part) for part in document.adjustments),
        due_on=None,
        discounts=(),
        remittance=number,
        earlier=(en.Earlier(document.number, document.issued_on),),
        notes=(),
    )


def _negated_line(line: en.Line) -> en.Line:
    return replace(
        line,
        quantity=-line.quantity,
        net_cents=-line.net_cents,
        adjustments=tuple(_negated_adjustment(part) for part in line.adjustments),
    )


def _negated_adjustment(part: en.Adjustment) -> en.Adjustment:
    base = None if part.base_cents is None else -part.base_cents
    return replace(part, cents=-part.cents, base_cents=base)


def words(worked: Worked, key: str, **variables: str) -> str:
    """Text in the language of the document; a country's own wording stands under ``<key>_<country>``."""
    language, country = worked.draft.language, worked.rules.seller.country
    own = f"{key}_{country}"
    chosen = own if own in list_words(language, "invoice") else key
    return translate(language, f"invoice.{chosen}", **variables)


def _money(worked: Worked, cents: int) -> str:
    rules = worked.rules
    return format_cents(cents, rules.currency, worked.draft.language, rules.seller.country)


def _buyer(worked: Worked) -> en.Party:
    buyer, country = worked.draft.buyer, worked.rules.seller.country
    vat_id = normal_vat_id(buyer.vat_id) if buyer.business and not worked.choice.alone else ""
    return en.Party(
        name=buyer.name or words(worked, "walk_in"),
        address=en.Address(
            buyer.street, postcode=buyer.postal_code, city=buyer.city, country=buyer.country or country
        ),
        vat_id=vat_id,
        electronic_address=en.Identifier(buyer.email, "EM") if buyer.email else en.Identifier(""),
    )


def _nameless(seller: en.Party) -> en.Party:
    """Outside the scope no VAT number may stand as one (BR-O-02); it still has to be told."""
    if not seller.vat_id:
        return seller
    told = "\n".join(filter(None, [seller.legal_info, seller.vat_id]))
    ids = seller.identifiers or (en.Identifier(seller.vat_id),)
    return replace(seller, vat_id="", legal_info=told, identifiers=ids)


def _delivery(worked: Worked) -> en.Party | None:
    """Where goods went that left the country (BR-IC-12)."""
    target = worked.draft.answers.get(CARRIED_TO, "")
    if worked.choice.category not in {"K", "G"} or not target:
        return None
    buyer = worked.draft.buyer
    return en.Party(
        buyer.name, address=en.Address(postcode=buyer.postal_code, city=buyer.city, country=target)
    )


def _lines(worked: Worked) -> Iterator[en.Line]:
    parts: dict[int, int] = {}
    for net in net_lines(worked.lines, worked.totals):
        told, at = worked.draft.lines[net.position], net.position + 1
        if net.kind != OLD_PART:
            yield _line(worked, net, str(at), told.text, told.unit)
            continue
        parts[at] = parts.get(at, 0) + 1
        yield _line(worked, net, f"{at}.{parts[at]}", words(worked, "old_part"), "C62")


def _line(worked: Worked, net: NetLine, number: str, name: str, unit: str) -> en.Line:
    adjustments = (
        (en.Adjustment(net.discount_cents, reason=words(worked, "discount"), reason_code=_DISCOUNT_CODE),)
        if net.discount_cents
        else ()
    )
    return en.Line(
        number,
        name,
        net.quantity,
        unit,
        net.unit_price,
        net.net_cents,
        _tax(net.tax.category, net.tax.rate),
        price_base=Decimal(net.base_quantity),
        adjustments=adjustments,
        seller_item="",
    )


def _tax(category: str, rate: int) -> en.Tax:
    return en.Tax(category, Decimal(rate) / 100)


def _group(worked: Worked, group: TaxGroup) -> en.TaxGroup:
    tax = _tax(group.category, group.rate)
    if group.category in {"S", "Z"}:
        return en.TaxGroup(tax, group.net_cents, group.vat_cents)
    told = [words(worked, f"reason.{reason}") for reason in group.reasons]
    code = worked.choice.exemption if worked.choice.category == group.category else ""
    # A group of fees handed on beside exempt work has two reasons; a code can only name one.
    code = "" if HANDED_ON in group.reasons else code
    return en.TaxGroup(tax, group.net_cents, group.vat_cents, " · ".join(dict.fromkeys(told)), code)


def _allowances(worked: Worked) -> Iterator[en.Adjustment]:
    for part in worked.totals.allowances:
        yield en.Adjustment(
            part.net_cents,
            reason=words(worked, "discount"),
            reason_code=_DISCOUNT_CODE,
            tax=_tax(part.category, part.rate),
        )


def _payments(sheet: Sheet, currency: str) -> tuple[en.Payment, ...]:
    if not sheet.iban:
        return ()
    means = en.SEPA_TRANSFER if currency == "EUR" else en.TRANSFER
    return (en.Payment(means, iban=sheet.iban, account_name=sheet.account_holder, bic=sheet.bic),)


def _discounts(worked: Worked) -> tuple[en.CashDiscount, ...]:
    term, offer = worked.discount_term, worked.discount
    if term is None or offer is None or offer.cents <= 0:
        return ()
    base = None if offer.base_cents == worked.totals.gross_cents else offer.base_cents
    return (en.CashDiscount(term.days, term.percent, base),)


def _notes(worked: Worked, sheet: Sheet) -> Iterator[str]:
    if worked.totals.old_part_vat_cents:
        yield words(worked, "old_part_tax", amount=_money(worked, worked.totals.old_part_vat_cents))
    for deposit in worked.deposits:
        yield words(
            worked,
            "deposit_taken_off",
            number=deposit.number,
            day=f"{deposit.issued_on:%d.%m.%Y}",
            net=_money(worked, deposit.net_cents),
            vat=_money(worked, deposit.vat_cents),
        )
    if sheet.kind == DEPOSIT:
        yield words(worked, "deposit_note")
    for portion in worked.portions:
        yield words(worked, "payer", name=portion.payer, amount=_money(worked, portion.cents))
    if sheet.cash_accounting and worked.supplied_on >= date(2028, 1, 1):
        yield words(worked, "cash_accounting")
