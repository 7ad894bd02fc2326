"""A bank line pays what it names to the cent; everything else is a suggestion or nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.billing.matching import Credit, Match, OpenInvoice, match
from carbot_app.domains.billing.payment_codes import creditor_reference, qr_reference

IBAN = "DE02120300000000202051"
FIRST = OpenInvoice(
    "RE-2026-00041",
    20_313,
    references=(creditor_reference("RE-2026-00041"), qr_reference("RE-2026-00041")),
    ibans=(IBAN,),
)
SECOND = OpenInvoice("RE-2026-00042", 54_682, discounted_cents=53_588)
OPEN = (FIRST, SECOND)


def short(found: Match) -> tuple[str, str, str]:
    return found.action, found.found_by, found.reason


@pytest.mark.parametrize(
    "credit",
    [
        Credit(20_313, end_to_end_id="RE-2026-00041"),
        Credit(20_313, reference=FIRST.references[0]),
        Credit(20_313, reference=" ".join(FIRST.references[0])),
        Credit(20_313, reference=FIRST.references[1]),
    ],
)
def test_an_exact_reference_books(credit: Credit) -> None:
    assert match(credit, OPEN) == Match("book", "reference", "exact", (("RE-2026-00041", 20_313),))


def test_a_reference_wins_over_numbers_in_the_text() -> None:
    credit = Credit(20_313, "statt RE-2026-00042", end_to_end_id="RE202600041")
    assert short(match(credit, OPEN)) == ("book", "reference", "exact")


@pytest.mark.parametrize(
    "text",
    [
        "re 2026 00041",
        "Rechn.RE-2026-00041",
        "RE-2026-0\n0041 danke",
        "RE/2026/00041 vom 20.11.2026",
        "RE202600041",
    ],
)
def test_a_number_is_found_whatever_stands_between_its_characters(text: str) -> None:
    assert short(match(Credit(20_313, text), OPEN)) == ("book", "number", "exact")


@pytest.mark.parametrize("text", ["RE-2026-000411", "RE-2026-0004", "2026-00041", "NOTPROVIDED"])
def test_another_number_is_not_taken_for_it(text: str) -> None:
    found = match(Credit(99, text, end_to_end_id="NOTPROVIDED"), OPEN)
    assert short(found) == ("none", "", "unknown")
    assert found.rest_cents == 99


def test_a_number_of_digits_is_not_found_inside_another() -> None:
    only_digits = OpenInvoice("2026041", 100)
    assert match(Credit(99, "12026041"), [only_digits]).action == "none"
    assert match(Credit(99, "20260411"), [only_digits]).action == "none"
    assert match(Credit(100, "Nr. 2026041"), [only_digits]).action == "book"


def test_two_numbers_with_their_exact_sum_are_booked() -> None:
    found = match(Credit(74_995, "RE-2026-00041, RE-2026-00042"), OPEN)
    assert (found.action, found.paid) == ("book", (("RE-2026-00041", 20_313), ("RE-2026-00042", 54_682)))


def test_too_little_is_suggested_with_what_is_missing() -> None:
    found = match(Credit(10_000, "RE-2026-00041"), OPEN)
    assert (*short(found), found.short_cents) == ("suggest", "number", "short", 10_313)
    assert found.paid == (("RE-2026-00041", 10_000),)


def test_too_much_is_suggested_with_what_is_left() -> None:
    found = match(Credit(20_314, "RE-2026-00041"), OPEN)
    assert (*short(found), found.rest_cents) == ("suggest", "number", "over", 1)


def test_an_agreed_reduction_is_named_but_left_to_a_person() -> None:
    found = match(Credit(53_588, "RE-2026-00042"), OPEN)
    assert (*short(found), found.short_cents) == ("suggest", "number", "cash_discount", 1_094)
    guessed = match(Credit(53_588), OPEN)
    assert (*short(guessed), guessed.short_cents) == ("suggest", "amount", "cash_discount", 1_094)


def test_amount_and_account_are_only_a_suggestion() -> None:
    assert short(match(Credit(20_313, iban=IBAN), OPEN)) == ("suggest", "amount_and_iban", "exact")
    assert short(match(Credit(20_313, iban="DE1"), OPEN)) == ("suggest", "amount", "exact")


def test_the_known_account_decides_between_equal_amounts() -> None:
    twin = replace(FIRST, number="RE-2026-00050", ibans=(), references=())
    assert match(Credit(20_313, iban=IBAN), [FIRST, twin]).paid == (("RE-2026-00041", 20_313),)
    found = match(Credit(20_313), [FIRST, twin])
    assert (found.reason, found.paid) == ("ambiguous", (("RE-2026-00041", 0), ("RE-2026-00050", 0)))


def test_another_currency_is_never_booked() -> None:
    assert short(match(Credit(20_313, "RE-2026-00041", currency="CHF"), OPEN)) == (
        "suggest",
        "number",
        "currency_differs",
    )
    assert match(Credit(20_313, currency="CHF"), OPEN).action == "none"


def test_paying_twice_is_told() -> None:
    found = match(Credit(20_313, "RE-2026-00041"), [replace(FIRST, open_cents=0)])
    assert (*short(found), found.rest_cents) == ("suggest", "number", "already_paid", 20_313)


@pytest.mark.parametrize("cents", [0, -20_313])
def test_money_that_leaves_pays_nothing(cents: int) -> None:
    assert short(match(Credit(cents, "RE-2026-00041"), OPEN)) == ("none", "", "not_a_credit")


@given(st.integers(1, 200_000), st.text(max_size=60), st.sampled_from(["RE-2026-00041", "RE-2026-00042", ""]))
def test_no_cent_is_lost_or_made_and_only_exact_sums_are_booked(cents: int, noise: str, number: str) -> None:
    found = match(Credit(cents, f"{noise} {number}"), OPEN)
    assert sum(paid for _, paid in found.paid) + found.rest_cents in {cents, 0}
    opened = {invoice.number: invoice.open_cents for invoice in OPEN}
    assert all(paid <= opened[name] for name, paid in found.paid)
    if found.action == "book":
        assert sum(opened[name] for name, _ in found.paid) == cents
