"""The tax of a document follows the law of its country, says why, and asks where people have to judge."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from carbot_app.domains.billing import tax
from carbot_app.domains.billing.lines import LUMP_SUM, tax_of_line
from carbot_app.domains.billing.margin import tax_in_margin
from carbot_app.domains.billing.small_business import judge_small_business
from carbot_app.domains.billing.tax import Buyer, Choice, Seller, Supply, choose_tax
from carbot_app.domains.billing.vat_id import (
    INVALID,
    UNVERIFIED,
    VALID,
    check_vat_id,
    country_of,
    normal_vat_id,
)
from tests.unit.billing.documents import DAY

GERMAN = Seller("DE", vat_id="DE136695976")
SMALL = Seller("DE", small_business=True)
SWISS = Seller("CH")
AUSTRIAN_FIRM = Buyer(True, "AT", "ATU13585627", VALID)
AUSTRIAN_CONSUMER = Buyer(country="AT")
SWISS_FIRM = Buyer(True, "CH")
GERMAN_FIRM = Buyer(True, "DE")
TO_AUSTRIA = Supply(tax.GOODS, "AT", carriage_proven=True)


def choice(
    seller: Seller = GERMAN, buyer: Buyer | None = None, supply: Supply | None = None, on: date = DAY
) -> Choice:
    return choose_tax(seller, buyer or Buyer(), supply or Supply(), on)


def short(found: Choice) -> tuple[str, int, str]:
    return found.category, found.rate, found.reason


@pytest.mark.parametrize(
    ("seller", "buyer", "supply", "expected"),
    [
        (GERMAN, Buyer(), Supply(), ("S", 1900, "domestic")),
        (GERMAN, GERMAN_FIRM, Supply(), ("S", 1900, "domestic")),
        (GERMAN, AUSTRIAN_CONSUMER, Supply(), ("S", 1900, "consumer_where_done")),
        (GERMAN, AUSTRIAN_FIRM, Supply(), ("AE", 0, "reverse_charge")),
        (GERMAN, Buyer(True, "AT"), Supply(), ("S", 1900, "eu_business_without_id")),
        (GERMAN, SWISS_FIRM, Supply(), ("O", 0, "business_outside_eu")),
        (GERMAN, Buyer(country="CH"), Supply(), ("S", 1900, "consumer_where_done")),
        (GERMAN, Buyer(), Supply(tax.GOODS), ("S", 1900, "goods_stay")),
        (GERMAN, AUSTRIAN_FIRM, Supply(tax.GOODS, "DE"), ("S", 1900, "goods_stay")),
        (GERMAN, AUSTRIAN_FIRM, TO_AUSTRIA, ("K", 0, "intra_community")),
        (GERMAN, Buyer(True, "AT"), TO_AUSTRIA, ("S", 1900, "eu_business_without_id")),
        (GERMAN, AUSTRIAN_CONSUMER, TO_AUSTRIA, ("S", 1900, "distance_sale")),
        (GERMAN, SWISS_FIRM, Supply(tax.GOODS, "CH", True), ("G", 0, "export")),
        (GERMAN, Buyer(), Supply(tax.USED_CAR), ("E", 0, "margin_scheme")),
        (GERMAN, GERMAN_FIRM, Supply(tax.SCRAP), ("AE", 0, "scrap")),
        (GERMAN, Buyer(), Supply(tax.SCRAP), ("S", 1900, "goods_stay")),
        (GERMAN, AUSTRIAN_FIRM, Supply(tax.SCRAP, "AT", True), ("K", 0, "intra_community")),
        (GERMAN, Buyer(), Supply(tax.HANDED_ON), ("E", 0, "handed_on")),
        (GERMAN, Buyer(), Supply(tax.DAMAGES), ("O", 0, "damages")),
        (SMALL, Buyer(), Supply(), ("E", 0, "small_business")),
        (SMALL, AUSTRIAN_CONSUMER, Supply(), ("E", 0, "small_business")),
        (SMALL, Buyer(True, "AT"), Supply(), ("E", 0, "small_business")),
        (SMALL, AUSTRIAN_FIRM, TO_AUSTRIA, ("E", 0, "small_business")),
        (SMALL, GERMAN_FIRM, Supply(tax.SCRAP), ("E", 0, "small_business")),
        (SMALL, Buyer(), Supply(tax.USED_CAR), ("E", 0, "small_business")),
        (Seller("AT"), Buyer(True, "DE", "DE136695976", VALID), Supply(), ("AE", 0, "reverse_charge")),
        (Seller("AT"), Buyer(), Supply(), ("S", 2000, "domestic")),
        (Seller("AT"), Buyer(True), Supply(tax.SCRAP), ("AE", 0, "scrap")),
        (SWISS, AUSTRIAN_FIRM, Supply(), ("S", 810, "swiss_delivery")),
        (SWISS, Buyer(), Supply(), ("S", 810, "domestic")),
        (SWISS, AUSTRIAN_FIRM, Supply(tax.GOODS, "AT", True), ("G", 0, "export")),
        (SWISS, Buyer(), Supply(tax.GOODS), ("S", 810, "domestic")),
        (SWISS, Buyer(), Supply(tax.USED_CAR), ("S", 810, "domestic")),
        (Seller("CH", True), AUSTRIAN_FIRM, Supply(tax.GOODS, "AT"), ("E", 0, "small_business")),
    ],
)
def test_the_regime_follows_seller_buyer_and_supply(
    seller: Seller, buyer: Buyer, supply: Supply, expected: tuple[str, int, str]
) -> None:
    assert short(choice(seller, buyer, supply)) == expected


def test_the_rate_is_that_of_the_day() -> None:
    assert choice(on=date(2020, 12, 31)).rate == 1600
    assert choice(SWISS, on=date(2023, 12, 31)).rate == 770


def test_a_choice_tells_what_it_was_made_from() -> None:
    assert choice(buyer=AUSTRIAN_FIRM).facts == {
        "seller": "DE",
        "buyer": "AT",
        "day": "2026-11-20",
        "vat_id": "ATU13585627",
        "vat_id_state": "valid",
    }
    assert choice().facts == {"seller": "DE", "buyer": "DE", "day": "2026-11-20"}


def test_services_and_goods_for_eu_businesses_are_reported_unless_the_seller_is_small() -> None:
    assert choice(buyer=AUSTRIAN_FIRM).to_report
    assert choice(buyer=AUSTRIAN_FIRM, supply=TO_AUSTRIA).to_report
    assert not choice(buyer=GERMAN_FIRM, supply=Supply(tax.SCRAP)).to_report
    small = choice(SMALL, AUSTRIAN_FIRM)
    assert (small.category, small.to_report, small.needs) == ("AE", False, ("seller_vat_id",))


def test_what_is_still_missing_is_named() -> None:
    assert choice(buyer=AUSTRIAN_FIRM).needs == ()
    assert choice(Seller(), AUSTRIAN_FIRM).needs == ("seller_vat_id",)
    unproven = choice(Seller(), AUSTRIAN_FIRM, replace(TO_AUSTRIA, carriage_proven=False))
    assert unproven.needs == ("seller_vat_id", "carriage_proof")
    assert unproven.facts["until_proven"] == "delivery_without_proof"
    assert choice(Seller(), Buyer(), Supply(tax.GOODS, "US", True)).needs == ("seller_vat_id",)
    scrap = Supply(tax.SCRAP)
    assert choice(buyer=GERMAN_FIRM, supply=scrap).needs == ("buyer_vat_id",)
    assert choice(Seller(), Buyer(True, "DE", "DE136695976", VALID), scrap).needs == ()
    for seller in (GERMAN, SWISS):
        export = choice(seller, Buyer(), Supply(tax.GOODS, "US"))
        assert (export.category, export.needs) == ("G", ("carriage_proof",))


def test_exemptions_carry_their_vatex_code() -> None:
    found = {
        choice(buyer=AUSTRIAN_FIRM).exemption,
        choice(buyer=AUSTRIAN_FIRM, supply=TO_AUSTRIA).exemption,
        choice(buyer=SWISS_FIRM).exemption,
        choice(supply=Supply(tax.USED_CAR)).exemption,
    }
    assert found == {"VATEX-EU-AE", "VATEX-EU-IC", "VATEX-EU-O", "VATEX-EU-F"}
    assert choice(SMALL).exemption == ""


def test_a_number_nobody_could_check_asks_and_charges_until_somebody_answers() -> None:
    firm = replace(AUSTRIAN_FIRM, vat_id_state=UNVERIFIED)
    asked = choice(buyer=firm)
    assert (asked.category, asked.question, asked.answers) == ("S", "vat_id_unverified", ("trust", "charge"))
    trusted = choice(buyer=firm, supply=Supply(answers={asked.question: "trust"}))
    charged = choice(buyer=firm, supply=Supply(answers={asked.question: "charge"}))
    assert (trusted.category, trusted.question) == ("AE", "")
    assert (charged.category, charged.question) == ("S", "")


@pytest.mark.parametrize("number", ["DE136695976", "CHE-107.787.577 MWST", "nonsense", ""])
def test_only_a_number_of_another_member_state_frees_from_tax(number: str) -> None:
    assert choice(buyer=Buyer(True, "AT", number, VALID)).category == "S"


def test_a_repair_of_mostly_material_asks_whether_it_is_a_delivery() -> None:
    repair = Supply(material_percent=Decimal("50.01"), carried_to="AT", carriage_proven=True)
    asked = choice(buyer=AUSTRIAN_FIRM, supply=repair)
    assert (asked.category, asked.question, asked.facts["percent"]) == ("S", "work_or_delivery", "50.01")
    answered = {
        answer: choice(buyer=AUSTRIAN_FIRM, supply=replace(repair, answers={asked.question: answer}))
        for answer in asked.answers
    }
    assert {answer: found.category for answer, found in answered.items()} == {
        "service": "AE",
        "delivery": "K",
    }
    half = replace(repair, material_percent=Decimal(50))
    assert choice(buyer=AUSTRIAN_FIRM, supply=half).question == ""
    assert choice(buyer=GERMAN_FIRM, supply=repair).question == ""


def test_goods_sent_to_a_consumer_elsewhere_ask_for_the_rate_once() -> None:
    asked = choice(buyer=AUSTRIAN_CONSUMER, supply=TO_AUSTRIA)
    assert asked.question == "distance_sale"
    answered = replace(TO_AUSTRIA, answers={asked.question: asked.answers[0]})
    assert choice(buyer=AUSTRIAN_CONSUMER, supply=answered).question == ""


def test_fees_handed_on_follow_a_document_outside_the_scope() -> None:
    assert tax_of_line(choice(buyer=SWISS_FIRM), tax.HANDED_ON).category == "O"
    assert tax_of_line(choice(), tax.HANDED_ON).category == "E"
    assert tax_of_line(choice(), LUMP_SUM).rate == 1900


@pytest.mark.parametrize(
    ("number", "registered", "state"),
    [
        ("DE 136 695 976", None, UNVERIFIED),
        ("DE136695976", True, VALID),
        ("DE136695976", False, INVALID),
        ("DE136695978", True, INVALID),
        ("ATU13585627", None, UNVERIFIED),
        ("CHE-107.787.577 MWST", None, UNVERIFIED),
        ("CHE-107.787.578 MWST", None, INVALID),
        ("", True, INVALID),
    ],
)
def test_a_silent_register_never_makes_a_number_valid(
    number: str, registered: bool | None, state: str
) -> None:
    assert check_vat_id(number, registered=registered) == state


def test_numbers_are_written_one_way_and_know_their_country() -> None:
    assert normal_vat_id("che-107.787.577 mwst") == "CHE107787577MWST"
    assert [country_of(n) for n in ("EL094259216", "CHE107787577", "DE136695976", "XX1")] == [
        "GR",
        "CH",
        "DE",
        "",
    ]


@pytest.mark.parametrize(
    ("country", "prior", "so_far", "supply", "founded", "expected"),
    [
        ("DE", 2_500_000, 9_900_000, 100_000, False, (True, "within", 0)),
        ("DE", 2_500_000, 9_900_000, 100_001, False, (False, "crossed", 0)),
        ("DE", 2_500_001, 0, 0, False, (False, "prior_year", 0)),
        ("DE", 0, 2_400_000, 100_001, True, (False, "crossed", 0)),
        ("AT", 5_500_000, 5_500_000, 550_000, False, (True, "tolerated", 0)),
        ("AT", 5_500_000, 5_500_000, 550_001, False, (False, "crossed", 0)),
        ("CH", 9_999_999, 50_000_000, 0, False, (True, "within", 999_950_000_000)),
        ("CH", 10_000_000, 0, 0, False, (False, "prior_year", 0)),
    ],
)
def test_going_without_vat_ends_where_the_law_says(
    country: str, prior: int, so_far: int, supply: int, founded: bool, expected: tuple[bool, str, int]
) -> None:
    judged = judge_small_business(
        country,
        DAY,
        prior_year_cents=prior,
        this_year_cents=so_far,
        supply_cents=supply,
        founded_this_year=founded,
    )
    assert (judged.exempt, judged.reason, judged.left_cents) == expected


def test_a_loss_on_a_used_car_owes_nothing_and_lowers_nothing() -> None:
    assert tax_in_margin(950_000, 800_000, DAY).tax_cents == 0
    assert tax_in_margin(800_000, 950_000, DAY).margin_cents == 150_000
    assert tax_in_margin(800_000, 920_000, DAY, "AT").tax_cents == 20_000
