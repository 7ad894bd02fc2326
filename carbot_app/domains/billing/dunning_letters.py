"""Letters of dunning as paper and as mail (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

from carbot_app.domains.billing.document import (
    SEPA_TRANSFER,
    TRANSFER,
    Address,
    Contact,
    Document,
    Party,
    Payment,
    Totals,
)
from carbot_app.domains.billing.paper import REMINDER, Claim, Look, Paper
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents


@dataclass(frozen=True, slots=True)
class LetterText:
    """What a letter of dunning says."""

    name: str
    """reminder, first, last or handover."""
    sent_on: date
    deadline: date
    language: str
    currency: str
    claims: tuple[Claim, ...]
    fee_cents: int
    interest_cents: int
    people: Mapping[str, Any]
    """Sender and recipient, as ``people_of`` keeps them."""

    @property
    def total_cents(self) -> int:
        """What it asks for."""
        return sum(claim.open_cents for claim in self.claims) + self.fee_cents + self.interest_cents


def paper_of(letter: LetterText) -> Paper:
    """The letter for the printer; printed again it is the same."""
    people, country = letter.people, letter.people["country"]
    words = _words(letter)
    surcharges = [(words("interest"), letter.interest_cents), (words("fee"), letter.fee_cents)]
    means = SEPA_TRANSFER if letter.currency == "EUR" else TRANSFER
    ways = (
        (Payment(means, iban=people["iban"], account_name=people["account_holder"], bic=people["bic"]),)
        if people["iban"]
        else ()
    )
    document = Document(
        number="",
        issued_on=letter.sent_on,
        seller=_party(people["seller"]),
        buyer=_party(people["buyer"]),
        lines=(),
        tax_groups=(),
        totals=Totals(0, 0, 0, 0, letter.total_cents),
        currency=letter.currency,
        due_on=letter.deadline,
        payments=ways,
        remittance=_numbers(letter)[:140],
    )
    return Paper(
        kind=REMINDER,
        document=document,
        language=letter.language,
        look=Look(bank_name=people["bank_name"]),
        country=country,
        title=translate(letter.language, f"dunning.level.{letter.name}"),
        intro=f"{words('mail.greeting', name=people['buyer']['name'])}\n{words(f'intro.{letter.name}')}",
        closing=words("closing.handover" if letter.name == "last" else "closing.usual"),
        claims=letter.claims,
        surcharges=tuple((name, cents) for name, cents in surcharges if cents),
    )


def mail_of(letter: LetterText, links: Sequence[str]) -> tuple[str, str]:
    """Subject and text of the mail; ``links`` lead to the page of each invoice in turn."""
    words, country = _words(letter), letter.people["country"]

    def money(cents: int) -> str:
        return format_cents(cents, letter.currency, letter.language, country)

    lines = [
        words(
            "mail.claim", number=claim.number, amount=money(claim.open_cents), day=_day(claim.due_on, letter)
        )
        + (f"\n  {link}" if link else "")
        for claim, link in zip(letter.claims, links, strict=True)
    ]
    extra = [
        f"{words(name)}: {money(cents)}"
        for name, cents in (("interest", letter.interest_cents), ("fee", letter.fee_cents))
        if cents
    ]
    pay = [words("mail.pay", amount=money(letter.total_cents), day=_day(letter.deadline, letter))]
    if letter.people["iban"]:
        pay.append(f"{letter.people['account_holder']} · IBAN {letter.people['iban']} · {_numbers(letter)}")
    closing = words("closing.handover" if letter.name == "last" else "closing.usual")
    parts = (
        words("mail.greeting", name=letter.people["buyer"]["name"]),
        words(f"intro.{letter.name}"),
        "\n".join([*lines, *extra]),
        "\n".join(pay),
        closing,
        letter.people["seller"]["name"],
    )
    subject = words(f"mail.subject.{letter.name}", numbers=_numbers(letter))
    return subject[:200], "\n\n".join(part for part in parts if part)


def _words(letter: LetterText):
    def words(key: str, **variables: str) -> str:
        return translate(letter.language, f"dunning.letter.{key}", **variables)

    return words


def _numbers(letter: LetterText) -> str:
    return ", ".join(claim.number for claim in letter.claims)


def _day(day: date, letter: LetterText) -> str:
    form = "d MMM yyyy" if letter.language == "en" else "dd.MM.yyyy"
    return format_date(day, form, locale=letter.language)


def _party(told: Mapping[str, Any]) -> Party:
    return Party(
        name=told["name"],
        address=Address(**told["address"]),
        vat_id=told.get("vat_id", ""),
        tax_number=told.get("tax_number", ""),
        contact=Contact(phone=told.get("phone", ""), email=told.get("email", "")),
    )
