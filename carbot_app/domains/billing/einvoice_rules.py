"""What EN 16931 and XRechnung ask of a document, as far as people need it said in their words.

The publishers' own rules judge the XML (adapters/einvoice/validating.py); these judge what was read, also
where those cannot run, and never change a figure.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal

from stdnum import iban

from carbot_app.domains.billing.document import (
    CARD,
    CORRECTION,
    SEPA_DEBIT,
    SEPA_TRANSFER,
    TRANSFER,
    Document,
    Line,
    Party,
)
from carbot_app.domains.billing.einvoices import FATAL, INFORMATION, WARNING, Finding
from carbot_app.kit.money import format_cents, round_half_up

_WITHOUT_LINES = frozenset({"minimum", "basicwl"})
_GERMAN_KINDS = frozenset({"326", "380", "381", "384", "389", "875", "876", "877"})
_CARDS = frozenset({CARD, "54", "55"})
_NEEDS_TAX_ID = frozenset({"S", "Z", "E", "AE", "K", "G", "L", "M"})
_MAIL = re.compile(r"[^@\s]+@([^@.\s]|[^@.\s][^@\s]*[^@.\s])\Z")
_TOLERANCE_CENTS = 100
"""BR-CO-17 lets tax differ by less than one unit of the currency."""

_Rule = tuple[str, str, str, Callable[[Document], bool]]
_CORE: tuple[_Rule, ...] = (
    ("BR-02", FATAL, "number", lambda d: not d.number),
    ("BR-03", FATAL, "issued_on", lambda d: d.issued_on.year == 1),
    ("BR-04", FATAL, "kind", lambda d: not d.kind),
    ("BR-05", FATAL, "currency", lambda d: not d.currency),
    ("BR-06", FATAL, "seller_name", lambda d: not d.seller.name),
    ("BR-07", FATAL, "buyer_name", lambda d: not d.buyer.name),
)
_FULL: tuple[_Rule, ...] = (
    ("BR-09", FATAL, "seller_country", lambda d: not d.seller.address.country),
    ("BR-11", FATAL, "buyer_country", lambda d: not d.buyer.address.country),
    ("BR-16", FATAL, "lines", lambda d: not d.lines),
    ("BR-CO-18", FATAL, "tax_groups", lambda d: not d.tax_groups),
    ("BR-CO-25", FATAL, "due", lambda d: d.totals.due_cents > 0 and not _payable_when(d)),
    ("BR-CO-26", FATAL, "seller_id", lambda d: not _identified(d.seller)),
)
_GERMAN: tuple[_Rule, ...] = (
    ("BR-DE-1", FATAL, "payment", lambda d: not d.payments),
    ("BR-DE-3", FATAL, "seller_city", lambda d: not d.seller.address.city),
    ("BR-DE-4", FATAL, "seller_postcode", lambda d: not d.seller.address.postcode),
    ("BR-DE-5", FATAL, "contact_name", lambda d: not d.seller.contact.name),
    ("BR-DE-6", FATAL, "contact_phone", lambda d: not d.seller.contact.phone),
    ("BR-DE-7", FATAL, "contact_email", lambda d: not d.seller.contact.email),
    ("BR-DE-8", FATAL, "buyer_city", lambda d: not d.buyer.address.city),
    ("BR-DE-9", FATAL, "buyer_postcode", lambda d: not d.buyer.address.postcode),
    ("BR-DE-10", FATAL, "delivery_city", lambda d: _delivered(d) and not _place(d).address.city),
    ("BR-DE-11", FATAL, "delivery_postcode", lambda d: _delivered(d) and not _place(d).address.postcode),
    ("BR-DE-15", FATAL, "buyer_reference", lambda d: not d.references.buyer),
    ("BR-DE-16", FATAL, "tax_id", lambda d: _taxed(d) and not _has_tax_id(d)),
    ("BR-DE-23-a", FATAL, "account", lambda d: _pays(d, {TRANSFER, SEPA_TRANSFER}, "iban")),
    ("BR-DE-24-a", FATAL, "card", lambda d: _pays(d, _CARDS, "card")),
    ("BR-DE-25-a", FATAL, "mandate", lambda d: _pays(d, {SEPA_DEBIT}, "mandate")),
    ("BR-DE-26", WARNING, "earlier", lambda d: d.kind == CORRECTION and not d.earlier),
    ("BR-DE-30", FATAL, "creditor_id", lambda d: _pays(d, {SEPA_DEBIT}, "creditor_id")),
    ("BR-DE-31", FATAL, "debited_account", lambda d: _pays(d, {SEPA_DEBIT}, "debited_iban")),
    ("PEPPOL-EN16931-R010", FATAL, "buyer_address", lambda d: not d.buyer.electronic_address.value),
    ("PEPPOL-EN16931-R020", FATAL, "seller_address", lambda d: not d.seller.electronic_address.value),
    ("BR-DE-TMP-32", INFORMATION, "supplied_on", lambda d: not _supplied(d)),
)


def findings_of(document: Document, profile: str) -> tuple[Finding, ...]:
    """What speaks against a document of this profile, gravest first."""
    found = [*_missing(document, _CORE), *_sums(document, profile)]
    if profile in _WITHOUT_LINES:
        found.append(Finding("not_einvoice", WARNING))
    else:
        found += [*_missing(document, _FULL), *_taxes(document), *_lines(document)]
    if profile == "xrechnung":
        found += [*_missing(document, _GERMAN), *_forms(document)]
    order = (FATAL, WARNING, INFORMATION)
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def _missing(document: Document, rules: tuple[_Rule, ...]) -> Iterator[Finding]:
    for rule, severity, term, broken in rules:
        if broken(document):
            yield Finding("missing", severity, rule, params=(("term", term),))


def _sums(document: Document, profile: str) -> Iterator[Finding]:
    """Whether the totals follow from each other (BR-CO-10 to 16)."""
    totals = document.totals
    charges = sum(a.cents for a in document.adjustments if a.charge)
    allowances = sum(a.cents for a in document.adjustments if not a.charge)
    net = totals.lines_cents - totals.allowances_cents + totals.charges_cents
    checks = [
        ("BR-CO-15", "gross", totals.gross_cents, totals.net_cents + totals.tax_cents),
        (
            "BR-CO-16",
            "due",
            totals.due_cents,
            totals.gross_cents - totals.prepaid_cents + totals.rounding_cents,
        ),
    ]
    if profile not in _WITHOUT_LINES:
        checks += [
            ("BR-CO-10", "lines", totals.lines_cents, sum(line.net_cents for line in document.lines)),
            ("BR-CO-11", "allowances", totals.allowances_cents, allowances),
            ("BR-CO-12", "charges", totals.charges_cents, charges),
            ("BR-CO-14", "tax", totals.tax_cents, sum(g.tax_cents for g in document.tax_groups)),
        ]
    if profile != "minimum":
        checks.append(("BR-CO-13", "net", totals.net_cents, net))
    for rule, term, found, expected in checks:
        # Lines of the extended profile may carry four decimals; each is rounded once when read.
        tolerance = len(document.lines) if profile == "extended" else 0
        if profile == "minimum" and rule == "BR-CO-16":
            continue
        if abs(found - expected) > tolerance:
            yield _difference("sum", FATAL, rule, document, term, found, expected)


def _taxes(document: Document) -> Iterator[Finding]:
    for group in document.tax_groups:
        expected = round_half_up(Decimal(group.base_cents) * group.tax.percent / 100)
        off = abs(group.tax_cents - expected)
        if off > 1:
            severity = FATAL if off >= _TOLERANCE_CENTS else WARNING
            rate = f"{group.tax.percent.normalize():f}"
            yield _difference("tax_amount", severity, "BR-CO-17", document, rate, group.tax_cents, expected)


def _lines(document: Document) -> Iterator[Finding]:
    for line in document.lines:
        expected = line_cents(line)
        if abs(line.net_cents - expected) > 1:
            yield _difference(
                "line_amount", WARNING, "PEPPOL-EN16931-R120", document, line.number, line.net_cents, expected
            )


def line_cents(line: Line) -> int:
    """What a line comes to by quantity, price, allowances and charges."""
    base = line.price_base or Decimal(1)
    amount = round_half_up(line.quantity * line.unit_price / base * 100)
    return amount + sum(a.cents if a.charge else -a.cents for a in line.adjustments)


def _difference(
    code: str, severity: str, rule: str, document: Document, term: str, found: int, expected: int
) -> Finding:
    currency = document.currency or "EUR"
    params = (
        ("term", term),
        ("found", format_cents(found, currency)),
        ("expected", format_cents(expected, currency)),
    )
    return Finding(code, severity, rule, params=params)


def _forms(document: Document) -> Iterator[Finding]:
    """Rules of XRechnung on how something is written."""
    contact = document.seller.contact
    if document.kind not in _GERMAN_KINDS:
        yield Finding("kind", WARNING, "BR-DE-17", document.kind)
    for payment in document.payments:
        if payment.means == SEPA_TRANSFER and payment.iban and not iban.is_valid(payment.iban):
            yield Finding("iban", WARNING, "BR-DE-19", payment.iban)
        if payment.means == SEPA_DEBIT and payment.debited_iban and not iban.is_valid(payment.debited_iban):
            yield Finding("iban", WARNING, "BR-DE-20", payment.debited_iban)
    if contact.phone and sum(sign.isdigit() for sign in contact.phone) < 3:
        yield Finding("phone", WARNING, "BR-DE-27", contact.phone)
    if contact.email and not _MAIL.match(contact.email):
        yield Finding("email", WARNING, "BR-DE-28", contact.email)
    names = Counter(a.filename for a in document.attachments if a.content)
    for name, times in names.items():
        if times > 1:
            yield Finding("attachment_twice", FATAL, "BR-DE-22", name)


def _payable_when(document: Document) -> bool:
    return bool(document.due_on or document.terms or document.discounts)


def _identified(seller: Party) -> bool:
    return bool(seller.identifiers or seller.legal_id.value or seller.vat_id)


def _delivered(document: Document) -> bool:
    return document.delivery is not None and document.delivery.address.country != ""


def _place(document: Document) -> Party:
    return document.delivery or Party()


def _taxed(document: Document) -> bool:
    return any(group.tax.category in _NEEDS_TAX_ID for group in document.tax_groups)


def _has_tax_id(document: Document) -> bool:
    seller = document.seller
    return bool(seller.vat_id or seller.tax_number or document.tax_representative)


def _pays(document: Document, means: set[str] | frozenset[str], field: str) -> bool:
    return any(p.means in means and not getattr(p, field) for p in document.payments)


def _supplied(document: Document) -> bool:
    periods = [document.period, *(line.period for line in document.lines)]
    return bool(document.supplied_on or any(p.start or p.end for p in periods))
