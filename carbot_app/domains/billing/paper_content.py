"""Everything that stands on a document, in the words and figures of its reader; pure."""

from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from carbot_app.domains.billing.document import Line, Party, Vehicle
from carbot_app.domains.billing.paper import REMINDER, UNPAID, Paper
from carbot_app.kit.i18n import list_words, translate
from carbot_app.kit.money import format_cents, format_rate, round_half_up

Row = tuple[str, str]


def content_of(paper: Paper) -> dict[str, Any]:
    """The texts of a document, ready to be laid out."""
    return _Writer(paper).content()


class _Writer:
    def __init__(self, paper: Paper) -> None:
        self.paper, self.document = paper, paper.document
        self.locale = f"{paper.language}_{paper.country}" if paper.language == "de" else paper.language

    def content(self) -> dict[str, Any]:
        paper, document = self.paper, self.document
        return {
            "language": paper.language,
            "kind": paper.kind,
            "accent": paper.look.accent,
            "title": f"{paper.title or self.words(f'title.{paper.kind}')} {document.number}".strip(),
            "page": self.words("page"),
            "seller": _address_lines(document.seller),
            "sender": " · ".join(_address_lines(document.seller)),
            "brand": document.seller.trade_name or document.seller.name,
            "buyer": self.buyer(),
            "facts": self.facts(),
            "vehicle": self.vehicle(document.vehicle),
            "intro": paper.intro,
            "head": self.head(),
            "lines": [self.line(line) for line in document.lines],
            "claims": self.claims(),
            "totals": self.totals(),
            "explanations": self.explanations(),
            "payment": self.payment(),
            "closing": paper.closing,
            "footer": self.footer(),
            "code": {name: self.words(f"code.{name}") for name in ("alt", "hint", "logo")},
        }

    def words(self, key: str, **variables: Any) -> str:
        return translate(self.paper.language, f"paper.{key}", **variables)

    def tax_words(self, key: str, **variables: Any) -> str:
        """Switzerland has other names for the tax and its number."""
        return self.words(f"{key}_swiss" if self.paper.country == "CH" else key, **variables)

    def head(self) -> list[str]:
        names = [self.words(f"head.{name}") for name in ("position", "what", "quantity", "price")]
        return [*names, self.tax_words("head.tax"), f"{self.words('head.amount')} ({self.document.currency})"]

    def money(self, cents: int) -> str:
        return format_cents(cents, self.document.currency, self.paper.language, self.paper.country)

    def figure(self, value: Decimal, form: str = "#,##0.00") -> str:
        return format_decimal(value, format=form, locale=self.locale)

    def day(self, value: date) -> str:
        return format_date(value, "dd.MM.yyyy" if self.paper.language != "en" else "d MMM yyyy", self.locale)

    def percent(self, value: Decimal) -> str:
        return format_rate(value, self.paper.language)

    def buyer(self) -> list[str]:
        """The country stands only on letters that leave it."""
        country = self.document.buyer.address.country
        if country in {"", self.document.seller.address.country}:
            return _address_lines(self.document.buyer)
        name = Locale.parse(self.locale).territories.get(country, country)
        return [*_address_lines(self.document.buyer), name]

    def facts(self) -> list[Row]:
        document, paper = self.document, self.paper
        period, delivered = document.period, paper.kind != REMINDER
        spans = [self.day(value) for value in (period.start, period.end) if value]
        told = delivered and not spans
        rows: list[tuple[str, Any]] = [
            ("number", document.number),
            ("issued_on", self.day(document.issued_on)),
            # A period tells the day with it
            ("supplied_on", self.day(document.supplied_on) if document.supplied_on and told else ""),
            ("period", " – ".join(spans)),
            ("valid_until", self.day(paper.valid_until) if paper.valid_until else ""),
            ("due_on", self.day(document.due_on) if document.due_on and self.payable() else ""),
            ("customer", paper.customer_number),
            ("order", self.order_number()),
            ("your_reference", document.references.buyer),
            ("your_vat_id", document.buyer.vat_id),
            ("earlier", ", ".join(earlier.number for earlier in document.earlier)),
        ]
        return [(self.words(f"fact.{name}"), value) for name, value in rows if value]

    def order_number(self) -> str:
        """An order's own paper has its number already."""
        told = self.document.vehicle.order_number if self.document.vehicle else ""
        return "" if told == self.document.number else told

    def vehicle(self, vehicle: Vehicle | None) -> dict[str, Any] | None:
        if vehicle is None:
            return None
        kilometres = self.figure(Decimal(vehicle.kilometres), "#,##0") if vehicle.kilometres else ""
        registered = self.day(vehicle.first_registered) if vehicle.first_registered else ""
        rows = (
            ("vin", vehicle.vin),
            ("kilometres", f"{kilometres} km" if kilometres else ""),
            ("registered", registered),
        )
        facts = [(self.words(f"vehicle.{name}"), value) for name, value in rows if value]
        return {
            "plate": vehicle.plate,
            "model": vehicle.model,
            "facts": facts,
            "country": {"DE": "D", "AT": "A"}.get(self.paper.country, self.paper.country),
        }

    def line(self, line: Line) -> dict[str, Any]:
        details = [line.description, line.note]
        for adjustment in line.adjustments:
            sign = 1 if adjustment.charge else -1
            details.append(f"{adjustment.reason}: {self.figure(Decimal(sign * adjustment.cents) / 100)}")
        return {
            "number": line.number,
            "name": line.name,
            "details": "\n".join(filter(None, details)),
            "quantity": f"{self.figure(line.quantity, '#,##0.###')} {self.unit(line.unit)}".strip(),
            "price": self.figure(line.unit_price, "#,##0.00##"),
            "tax": self.percent(line.tax.percent) if line.tax.category == "S" else line.tax.category,
            "amount": self.figure(Decimal(line.net_cents) / 100),
        }

    def unit(self, code: str) -> str:
        known = list_words(self.paper.language, "paper")
        return known.get(f"unit.{code}", "" if code in {"C62", "XPP"} else code)

    def claims(self) -> dict[str, Any] | None:
        if self.paper.kind != REMINDER:
            return None
        head = [self.words(f"claim.{name}") for name in ("number", "issued_on", "due_on", "open")]
        rows = [
            (claim.number, self.day(claim.issued_on), self.day(claim.due_on), self.money(claim.open_cents))
            for claim in self.paper.claims
        ]
        return {"head": head, "rows": rows}

    def totals(self) -> list[dict[str, Any]]:
        document, totals = self.document, self.document.totals
        if self.paper.kind == REMINDER:
            rows = [*self.paper.surcharges, (self.words("total.due"), totals.due_cents)]
            return self._total_rows(rows)
        rows: list[tuple[str, int]] = []
        for adjustment in document.adjustments:
            kind = "charge" if adjustment.charge else "allowance"
            cents = adjustment.cents if adjustment.charge else -adjustment.cents
            rows.append((adjustment.reason or self.words(f"total.{kind}"), cents))
        rows.append((self.words("total.net"), totals.net_cents))
        for group in document.tax_groups:
            if group.tax.category == "S":
                rate, base = self.percent(group.tax.percent), self.money(group.base_cents)
                rows.append((self.tax_words("total.tax", percent=rate, base=base), group.tax_cents))
        rows.append((self.words("total.gross"), totals.gross_cents))
        if totals.prepaid_cents:
            rows.append((self.words("total.prepaid"), -totals.prepaid_cents))
        if totals.rounding_cents:
            rows.append((self.words("total.rounding"), totals.rounding_cents))
        if totals.due_cents != totals.gross_cents and self.payable():
            rows.append((self.words("total.due"), totals.due_cents))
        return self._total_rows(rows)

    def _total_rows(self, rows: list[tuple[str, int]]) -> list[dict[str, Any]]:
        last = len(rows) - 1
        return [
            {"name": name, "amount": self.money(cents), "strong": at == last}
            for at, (name, cents) in enumerate(rows)
        ]

    def explanations(self) -> list[str]:
        groups = self.document.tax_groups
        said = [group.reason for group in groups if group.reason]
        said += [note.text for note in self.document.notes]
        categories = sorted({group.tax.category for group in groups if not group.reason} - {"S"})
        known = list_words(self.paper.language, "paper")
        legend = [f"{c} = {known[f'category.{c}']}" for c in categories if f"category.{c}" in known]
        return list(dict.fromkeys([*said, *([" · ".join(legend)] if legend else [])]))

    def payable(self) -> bool:
        paper = self.paper
        return paper.kind not in UNPAID and paper.paid_on is None and self.document.totals.due_cents > 0

    def payment(self) -> dict[str, Any] | None:
        document, paid_on = self.document, self.paper.paid_on
        if paid_on is not None:
            said = self.words("pay.paid", day=self.day(paid_on), amount=self.money(document.totals.due_cents))
            return {"title": self.words("pay.title"), "lines": [said], "rows": []}
        if not self.payable():
            return None
        due = self.money(document.totals.due_cents)
        lines = [self.words("pay.amount", amount=due)]
        if document.due_on:
            lines = [self.words("pay.by", day=self.day(document.due_on), amount=due)]
        for discount in document.discounts:
            off = round_half_up(discount.percent * (discount.base_cents or document.totals.gross_cents) / 100)
            lines.append(
                self.words(
                    "pay.discount",
                    days=discount.days,
                    percent=self.percent(discount.percent),
                    amount=self.money(document.totals.due_cents - off),
                )
            )
        way = next((p for p in document.payments if p.iban), None)
        rows: list[Row] = []
        if way:
            rows = [
                (self.words("pay.to"), way.account_name or document.seller.name),
                ("IBAN", " ".join(way.iban[at : at + 4] for at in range(0, len(way.iban), 4))),
                ("BIC", way.bic),
                (self.words("pay.reference"), document.remittance or document.number),
            ]
        return {
            "title": self.words("pay.title"),
            "lines": [*lines, *filter(None, [document.terms])],
            "rows": [row for row in rows if row[1]],
        }

    def footer(self) -> list[list[str]]:
        seller, look = self.document.seller, self.paper.look
        way = next((p for p in self.document.payments if p.iban), None)
        ids = [
            (self.words("id.tax_number"), seller.tax_number),
            (self.tax_words("id.vat_id"), seller.vat_id),
            (self.words("id.register"), seller.legal_id.value),
        ]
        columns = [
            [*_address_lines(seller), *filter(None, [seller.legal_info])],
            [seller.contact.phone, seller.contact.email, look.website],
            [look.bank_name, f"IBAN {way.iban}", f"BIC {way.bic}" if way.bic else ""] if way else [],
            [f"{name} {value}" for name, value in ids if value],
        ]
        return [[line for line in column if line] for column in columns]


def _address_lines(party: Party) -> list[str]:
    address = party.address
    city = " ".join(filter(None, [address.postcode, address.city]))
    return [line for line in (party.name, address.line1, address.line2, address.line3, city) if line]
