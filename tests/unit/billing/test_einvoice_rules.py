"""What is missing or does not add up is found, named by its rule and said in four languages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from carbot_app.domains.billing.document import (
    Address,
    Attachment,
    Contact,
    Document,
    Identifier,
    Party,
    Payment,
    References,
    Tax,
    TaxGroup,
)
from carbot_app.domains.billing.einvoice_rules import findings_of, line_cents
from carbot_app.domains.billing.einvoice_words import vehicle_note, words_of
from carbot_app.domains.billing.einvoices import FATAL, WARNING, Finding
from carbot_app.kit.i18n import list_words
from carbot_app.kit.languages import LANGUAGES
from tests.factories.documents import GOLF, SELLER, a_cancellation, a_document, a_line, everything

Change = Callable[[Document], Document]


def rules(document: Document, profile: str = "xrechnung") -> set[str]:
    return {finding.rule for finding in findings_of(document, profile)}


def totals(**more: int) -> Change:
    return lambda d: replace(d, totals=replace(d.totals, **more))


def seller(**more: object) -> Change:
    return lambda d: replace(d, seller=replace(d.seller, **more))


def payment(**more: object) -> Change:
    return lambda d: replace(d, payments=(Payment(**more),))


CHANGES: list[tuple[str, Change]] = [
    ("BR-02", lambda d: replace(d, number="")),
    ("BR-03", lambda d: replace(d, issued_on=date.min)),
    ("BR-05", lambda d: replace(d, currency="")),
    ("BR-06", seller(name="")),
    ("BR-07", lambda d: replace(d, buyer=Party())),
    ("BR-16", lambda d: replace(d, lines=())),
    ("BR-CO-10", totals(lines_cents=1)),
    ("BR-CO-11", totals(allowances_cents=5)),
    ("BR-CO-12", totals(charges_cents=5)),
    ("BR-CO-13", totals(net_cents=1)),
    ("BR-CO-14", totals(tax_cents=1)),
    ("BR-CO-15", totals(gross_cents=1)),
    ("BR-CO-16", totals(due_cents=1)),
    ("BR-CO-17", lambda d: replace(d, tax_groups=(replace(d.tax_groups[0], tax_cents=9),))),
    ("BR-CO-18", lambda d: replace(d, tax_groups=())),
    ("BR-CO-25", lambda d: replace(d, due_on=None)),
    ("BR-CO-26", seller(vat_id="", tax_number="30/123/45678")),
    ("BR-DE-1", lambda d: replace(d, payments=())),
    ("BR-DE-3", seller(address=Address(country="DE"))),
    ("BR-DE-5", seller(contact=Contact())),
    ("BR-DE-8", lambda d: replace(d, buyer=replace(d.buyer, address=Address(country="DE")))),
    ("BR-DE-10", lambda d: replace(d, delivery=Party(address=Address(country="DE")))),
    ("BR-DE-15", lambda d: replace(d, references=References())),
    ("BR-DE-16", seller(vat_id="", legal_id=Identifier("HRB 1"))),
    ("BR-DE-17", lambda d: replace(d, kind="386")),
    ("BR-DE-19", payment(iban="DE02120300000000202052")),
    ("BR-DE-22", lambda d: replace(d, attachments=(Attachment("1", content=b"a", filename="a.png"),) * 2)),
    ("BR-DE-23-a", payment(means="58")),
    ("BR-DE-24-a", payment(means="48")),
    ("BR-DE-25-a", payment(means="59")),
    ("BR-DE-26", lambda _: replace(a_cancellation(), earlier=())),
    ("BR-DE-27", seller(contact=Contact("A", "ab", "a@b.example"))),
    ("BR-DE-28", seller(contact=Contact("A", "12345", "a b@c"))),
    ("PEPPOL-EN16931-R010", lambda d: replace(d, buyer=replace(d.buyer, electronic_address=Identifier("")))),
    ("PEPPOL-EN16931-R120", lambda d: replace(d, lines=(replace(d.lines[0], net_cents=1), *d.lines[1:]))),
    ("BR-DE-TMP-32", lambda d: replace(d, supplied_on=None)),
]


@pytest.mark.parametrize("document", [a_document(), a_cancellation(), everything()])
def test_nothing_is_said_against_a_good_document(document: Document) -> None:
    assert findings_of(document, "xrechnung") == ()


@pytest.mark.parametrize(("rule", "change"), CHANGES, ids=[rule for rule, _ in CHANGES])
def test_each_rule_speaks_when_it_is_broken(rule: str, change: Change) -> None:
    assert rule in rules(change(a_document()))


def test_german_rules_are_asked_of_german_documents_alone() -> None:
    bare = replace(a_document(), references=References(), seller=replace(SELLER, contact=Contact()))
    assert findings_of(bare, "en16931") == ()


def test_profiles_without_lines_are_told_to_be_no_invoice_and_nothing_else() -> None:
    bare = replace(a_document(), lines=(), tax_groups=())
    assert [finding.code for finding in findings_of(bare, "basicwl")] == ["not_einvoice"]


def test_tax_may_differ_by_less_than_one_unit_and_is_told_all_the_same() -> None:
    group = TaxGroup(Tax("S", Decimal(19)), 10_000, 1_950)
    document = a_document(a_line("1", "1", "100"), tax_groups=(group,))
    found = next(f for f in findings_of(document, "en16931") if f.rule == "BR-CO-17")
    assert found.severity == WARNING
    assert words_of(found, "de").startswith("Umsatzsteuer zu 19 %: Es stehen 19,50")


def test_a_price_for_a_hundred_units_makes_the_line() -> None:
    line = replace(a_line("1", "250", "3.00"), price_base=Decimal(100))
    assert line_cents(line) == 750


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_is_a_sentence_without_holes(language: str) -> None:
    for _, change in CHANGES:
        for finding in findings_of(change(a_document()), "xrechnung"):
            text = words_of(finding, language)
            assert "{{" not in text
            assert not text.endswith(": .")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_a_rule_names_has_a_name(language: str) -> None:
    known = list_words(language, "einvoice")
    named = {
        dict(finding.params)["term"]
        for _, change in CHANGES
        for finding in findings_of(change(a_document()), "xrechnung")
        if finding.code in {"missing", "sum"}
    }
    assert {term for term in named if f"term.{term}" not in known} == set()


def test_fatal_findings_come_first() -> None:
    broken = replace(a_document(), supplied_on=None, kind="386", number="")
    severities = [finding.severity for finding in findings_of(broken, "xrechnung")]
    assert severities[0] == FATAL
    assert severities[-1] == "information"
    assert Finding("missing", FATAL, "BR-02", params=(("term", "number"),)) in findings_of(
        broken, "xrechnung"
    )


def test_the_car_goes_into_a_note_of_the_invoice() -> None:
    assert vehicle_note(GOLF, "de").text == (
        "VW Golf VI, Kennzeichen: DO-AB 123, FIN: WVWZZZ1KZAW123456, "
        "Kilometerstand: 84210 km, Auftrag: A-2026-118"
    )
