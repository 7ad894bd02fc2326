"""The pricing engine: models, labour and parts, classes, rules, packages and their VAT."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.catalog.pricing import (
    PRICE_MODELS,
    Price,
    Priced,
    PriceQuote,
    Terms,
    class_price_cents,
    labour_cents,
    markup_percent,
    price_service,
    seconds_of,
    total_of,
    units_of,
)
from carbot_app.domains.catalog.rules import Case, Rule
from carbot_app.domains.catalog.vehicle_classes import CLASS_FACTORS, VEHICLE_CLASSES
from carbot_app.domains.tax import vat

TODAY = date(2026, 11, 28)
SATURDAY, MONDAY = date(2026, 11, 28), date(2026, 11, 30)
COMPACT = Case(vehicle_class="compact")


def service(model: str = "fixed", low: int = 0, high: int | None = None, **fields: Any) -> Priced:
    return Priced(
        code=fields.pop("code", "SAF-BRK-001"),
        price_model=model,
        price_min_cents=low,
        price_max_cents=low if high is None else high,
        groups=fields.pop("groups", frozenset({"SAF-BRK-001", "BRK", "safety"})),
        **fields,
    )


def quote(priced: Priced, case: Case = COMPACT, **terms: Any) -> PriceQuote:
    return price_service(priced, Terms(**terms), case, today=TODAY)


def lines(result: PriceQuote) -> list[tuple[str, int]]:
    return [(line.kind, line.low_cents) for line in result.lines]


def test_a_class_price_is_rounded_up_to_the_full_euro_as_in_domain_md() -> None:
    assert class_price_cents(8_900, 115) == 10_300


@pytest.mark.parametrize(
    ("model", "low", "high", "expected"),
    [
        ("fixed", 3_900, 3_900, Price(3_900, 3_900, "exact")),
        ("range", 4_900, 15_900, Price(4_900, 15_900, "range")),
        ("per_unit", 2_200, 4_500, Price(2_200, 4_500, "range")),
        ("hourly_aw", 18_900, 89_900, Price(18_900, 89_900, "from")),
        ("hourly_aw", 0, 14_900, Price(0, 14_900, "range")),
        ("hourly_aw", 8_900, 8_900, Price(8_900, 8_900, "from")),
        ("fixed", 5_000, 0, Price(5_000, 5_000, "exact")),
    ],
)
def test_each_price_model_says_what_it_knows(model: str, low: int, high: int, expected: Price) -> None:
    assert quote(service(model, low, high)).price == expected


@pytest.mark.parametrize("vehicle_class", VEHICLE_CLASSES)
def test_a_known_class_gives_one_price_inside_the_range_of_the_unknown_car(vehicle_class: str) -> None:
    brakes = service("per_vehicle_class", 12_900, 27_900)
    unknown, known = quote(brakes, Case()), quote(brakes, Case(vehicle_class=vehicle_class))
    assert known.style == "exact"
    assert known.low.gross_cents == class_price_cents(12_900, CLASS_FACTORS[vehicle_class])
    assert unknown.low.gross_cents <= known.low.gross_cents <= unknown.high.gross_cents
    assert unknown.style == "range"


def test_a_price_per_unit_is_multiplied() -> None:
    tyre = service("per_unit", 2_250)
    assert quote(tyre, Case(quantity=Decimal(4))).price == Price(9_000, 9_000, "exact")
    oil = service("per_unit", 1_995)
    assert quote(oil, Case(quantity=Decimal("4.3"))).low.gross_cents == 8_579


@pytest.mark.parametrize(
    ("units", "division", "net"), [("12", 10, 13_440), ("12", 12, 11_200), ("120", 100, 13_440)]
)
def test_labour_is_billed_in_units_of_the_workshops_division(units: str, division: int, net: int) -> None:
    seconds = seconds_of(Decimal(units), division)
    assert labour_cents(seconds, 11_200) == net
    assert units_of(seconds, division) == Decimal(units)
    result = quote(
        service(labour_seconds=seconds, calculated=True),
        rates={"mechanics": 11_200},
        units_per_hour=division,
    )
    assert lines(result) == [("labour", net)]
    assert result.lines[0].params["units"] == Decimal(units)


def test_a_calculated_price_is_labour_parts_with_markup_and_small_parts() -> None:
    job = service(labour_seconds=5_400, calculated=True, parts_cost_cents=10_000)
    result = quote(job, rates={"mechanics": 12_000}, small_parts_percent=2, small_parts_max_cents=1_500)
    assert lines(result) == [("labour", 18_000), ("parts", 13_000), ("small_parts", 260)]
    assert (result.low.net_cents, result.low.tax_cents) == (31_260, 5_939)
    assert result.price == Price(37_199, 37_199, "exact")


def test_small_parts_keep_within_their_limits_and_equal_limits_fix_the_sum() -> None:
    job = service(labour_seconds=3_600, calculated=True, parts_cost_cents=100)
    fixed = quote(job, small_parts_min_cents=350, small_parts_max_cents=350)
    assert ("small_parts", 350) in lines(fixed)
    without_parts = service(labour_seconds=3_600, calculated=True)
    assert [kind for kind, _ in lines(quote(without_parts, small_parts_min_cents=350))] == ["labour"]


def test_every_rate_has_its_price_and_work_by_time_is_a_from_price() -> None:
    rates = {"mechanics": 10_000, "diagnosis": 13_000}
    search = service("hourly_aw", labour_seconds=3_600, calculated=True, rate="diagnosis")
    result = quote(search, rates=rates)
    assert lines(result) == [("labour", 13_000)]
    assert result.price == Price(15_470, 15_470, "from")


def test_the_markup_falls_with_the_price_of_the_part() -> None:
    bands = ((5_000, 40), (20_000, 30), (100_000, 20))
    assert [markup_percent(cost, bands) for cost in (0, 5_000, 5_001, 900_000)] == [40, 40, 30, 20]
    assert markup_percent(5_000, ()) == 0


def test_a_class_lifts_a_calculated_price_to_the_next_full_euro() -> None:
    job = service("per_vehicle_class", labour_seconds=5_400, calculated=True)
    result = quote(job, Case(vehicle_class="suv"), rates={"mechanics": 12_000})
    assert result.low.gross_cents == 26_800  # 214.20 × 1.25 = 267.75
    assert [line.kind for line in result.lines] == ["labour", "class"]
    assert sum(line.low_cents for line in result.lines) == result.low.net_cents


def test_the_fee_of_the_inspection_is_handed_on_without_vat() -> None:
    inspection = service("fixed", 15_900, fee_cents=14_500)
    result = quote(inspection)
    assert result.low.gross_cents == 15_900
    assert [(part.category, part.base_cents, part.tax_cents) for part in result.low.sums] == [
        ("S", 1_176, 224),
        ("E", 14_500, 0),
    ]
    assert lines(result) == [("list_price", 1_176), ("fee", 14_500)]


def test_an_exchange_part_is_taxed_on_the_old_part_too() -> None:
    alternator = service(
        labour_seconds=seconds_of(Decimal(12), 10), calculated=True, exchange_part=True,
        parts_cost_cents=32_000, parts_list_cents=32_000,
    )  # fmt: skip
    result = quote(alternator, rates={"mechanics": 11_200}, markups=((0, 0),))
    assert (result.low.net_cents, result.low.tax_cents, result.low.gross_cents) == (45_440, 9_242, 54_682)
    assert result.old_part_cents == 3_200
    assert result.low.sums[0].base_cents == 48_640


def test_a_stated_price_of_an_exchange_part_holds_the_tax_on_the_old_part() -> None:
    result = quote(service("fixed", 120_900, exchange_part=True, parts_list_cents=100_000))
    assert (result.low.net_cents, result.low.tax_cents, result.low.gross_cents) == (100_000, 20_900, 120_900)


def test_where_the_fee_is_the_whole_price_no_tax_on_an_old_part_is_in_it() -> None:
    result = quote(service("fixed", 25, fee_cents=25, exchange_part=True, parts_list_cents=25), country="AT")
    assert (result.low.net_cents, result.low.tax_cents, result.low.gross_cents) == (25, 0, 25)
    assert [line.low_cents for line in result.lines] == [25]
    given_away = service("fixed", 35, exchange_part=True, parts_list_cents=35)
    assert quote(service("package", members=(given_away,), discount_percent=100)).low.tax_cents == 0


def test_a_small_business_charges_no_vat_and_switzerland_its_own() -> None:
    oil = service("fixed", 11_900)
    small = quote(oil, regime=vat.SMALL_BUSINESS)
    assert (small.low.net_cents, small.low.gross_cents, small.tax_note) == (11_900, 11_900, "small_business")
    swiss = quote(oil, country="CH")
    assert (swiss.low.net_cents, swiss.low.tax_cents) == (11_008, 892)


DISCOUNT = Rule(names={"de": "Treue"}, percent=-10)


@pytest.mark.parametrize(
    ("rule", "case", "expected"),
    [
        (Rule(percent=10, weekdays=frozenset({6})), Case(on=SATURDAY), (11_000, 11_000, "exact")),
        (Rule(percent=10, weekdays=frozenset({6})), Case(on=MONDAY), (10_000, 10_000, "exact")),
        (Rule(percent=10, weekdays=frozenset({6})), Case(), (10_000, 11_000, "from")),
        (Rule(percent=-10, min_age=10), Case(age_years=10), (9_000, 9_000, "exact")),
        (Rule(percent=-10, min_age=10), Case(age_years=9), (10_000, 10_000, "exact")),
        (Rule(percent=-10, min_age=10, max_age=12), Case(age_years=13), (10_000, 10_000, "exact")),
        (Rule(percent=-10, min_age=10), Case(), (9_000, 10_000, "from")),
        (Rule(percent=20, fuels=frozenset({"electric"})), Case(fuel="electric"), (12_000, 12_000, "exact")),
        (Rule(percent=20, fuels=frozenset({"electric"})), Case(fuel="diesel"), (10_000, 10_000, "exact")),
        (Rule(percent=20, classes=frozenset({"van"})), Case(vehicle_class="van"), (12_000, 12_000, "exact")),
        (Rule(percent=-5, fleet=True), Case(fleet=True), (9_500, 9_500, "exact")),
        (Rule(percent=-5, fleet=True), Case(), (10_000, 10_000, "exact")),
        (Rule(percent=15, season=("11-01", "03-31")), Case(on=SATURDAY), (11_500, 11_500, "exact")),
        (Rule(percent=15, season=("11-01", "03-31")), Case(on=date(2027, 3, 31)), (11_500, 11_500, "exact")),
        (Rule(percent=15, season=("11-01", "03-31")), Case(on=date(2027, 4, 1)), (10_000, 10_000, "exact")),
        (Rule(percent=15, season=("04-01", "05-31")), Case(on=SATURDAY), (10_000, 10_000, "exact")),
        (Rule(percent=10, scope=frozenset({"BRK"})), Case(), (11_000, 11_000, "exact")),
        (Rule(percent=10, scope=frozenset({"tyres"})), Case(), (10_000, 10_000, "exact")),
        (Rule(amount_cents=-20_000), Case(), (0, 0, "exact")),
    ],
)  # fmt: skip
def test_a_rule_counts_when_all_its_conditions_hold(
    rule: Rule, case: Case, expected: tuple[int, int, str]
) -> None:
    assert quote(service("fixed", 10_000), case, rules=(rule,)).price == Price(*expected)


def test_a_discount_brings_no_upper_end_below_the_lower() -> None:
    wide = service("range", 0, 50)
    result = quote(wide, rules=(Rule(amount_cents=-50), Rule(percent=-4, amount_cents=1)))
    assert (result.low.gross_cents, result.high.gross_cents) == (1, 1)


def test_percentages_are_of_the_price_before_any_rule_and_fees_are_never_touched() -> None:
    inspection = service("fixed", 20_000, fee_cents=10_000)
    result = quote(inspection, rules=(DISCOUNT, Rule(percent=-20)))
    assert result.low.gross_cents == 17_000
    assert result.low.sums[1].base_cents == 10_000


def package(**fields: Any) -> Priced:
    members = (
        service("fixed", 3_900, code="TYR-CHG-001", groups=frozenset({"TYR-CHG-001", "tyres"})),
        service("fixed", 4_900, code="TYR-STO-001", groups=frozenset({"TYR-STO-001", "tyres"})),
        service("range", 1_000, 2_000, code="TYR-RIM-001", groups=frozenset({"TYR-RIM-001", "tyres"})),
    )
    groups = frozenset({"PAK-001", "packages"})
    return service("package", code="PAK-001", groups=groups, members=members, **fields)


def test_a_package_is_its_services_less_a_discount() -> None:
    assert quote(package()).price == Price(9_800, 10_800, "range")
    reduced = quote(package(discount_percent=10))
    assert reduced.price == Price(8_820, 9_720, "range")
    assert [line.kind for line in reduced.lines] == ["package", "package", "package", "package_discount"]
    assert sum(line.low_cents for line in reduced.lines) == reduced.low.net_cents


def test_a_package_may_have_one_price_of_its_own_and_hold_fees_and_packages() -> None:
    own_price = package(low=8_900)
    assert quote(own_price).price == Price(8_900, 8_900, "exact")
    inspection = service("fixed", 15_900, fee_cents=14_500, code="SAF-HUA-001")
    outer = service("package", code="PAK-002", members=(own_price, inspection), discount_percent=50)
    result = quote(outer)
    assert result.low.gross_cents == (8_900 + 1_400) // 2 + 14_500
    assert result.low.sums[1].base_cents == 14_500


def test_rules_for_members_count_once_and_rules_for_the_package_on_top() -> None:
    tyres = Rule(percent=10, scope=frozenset({"tyres"}))
    assert quote(package(), rules=(tyres,)).low.gross_cents == 10_780
    assert quote(package(), rules=(Rule(percent=10),)).low.gross_cents == 10_780
    whole = Rule(amount_cents=-800, scope=frozenset({"packages"}))
    assert quote(package(), rules=(whole,)).low.gross_cents == 9_000


def test_a_total_is_exact_only_when_every_part_is() -> None:
    exact, between = quote(service("fixed", 1_000)), quote(service("range", 500, 900))
    open_end = quote(service("hourly_aw", 100, 300))
    assert total_of([exact, exact]).price == Price(2_000, 2_000, "exact")
    assert total_of([exact, between]).price == Price(1_500, 1_900, "range")
    assert total_of([between, open_end]).price == Price(600, 1_200, "from")


# What holds for any price ------------------------------------------------------------------------------

cents = st.integers(min_value=0, max_value=400_000)
rules = st.builds(
    Rule,
    percent=st.integers(-30, 60),
    amount_cents=st.integers(-5_000, 5_000),
    classes=st.sets(st.sampled_from(VEHICLE_CLASSES), max_size=2).map(frozenset),
    weekdays=st.sets(st.integers(1, 7), max_size=2).map(frozenset),
    min_age=st.none() | st.integers(0, 30),
    fuels=st.sets(st.sampled_from(["diesel", "electric"]), max_size=1).map(frozenset),
)
cases = st.builds(
    Case,
    vehicle_class=st.sampled_from(["", *VEHICLE_CLASSES]),
    age_years=st.none() | st.integers(0, 40),
    fuel=st.sampled_from(["", "diesel", "electric"]),
    on=st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    fleet=st.booleans(),
    quantity=st.sampled_from([Decimal(1), Decimal(4), Decimal("3.7")]),
)
terms = st.builds(
    Terms,
    country=st.sampled_from(vat.COUNTRIES),
    regime=st.sampled_from(vat.REGIMES),
    small_parts_percent=st.integers(0, 5),
    small_parts_max_cents=st.integers(0, 2_000),
    rules=st.lists(rules, max_size=3).map(tuple),
)


@st.composite
def services(draw: st.DrawFn, *, depth: int = 1) -> Priced:
    model = draw(st.sampled_from(PRICE_MODELS if depth else PRICE_MODELS[:-1]))
    low = draw(cents)
    inner = draw(st.lists(services(depth=depth - 1), min_size=1, max_size=3)) if model == "package" else []
    calculated = draw(st.booleans()) and model not in ("range", "package")
    return service(
        model,
        0 if model == "package" and draw(st.booleans()) else low,
        low + draw(cents),
        labour_seconds=draw(st.integers(0, 90_000)),
        calculated=calculated,
        parts_cost_cents=draw(cents) if calculated else 0,
        parts_list_cents=draw(st.integers(0, low)),
        exchange_part=draw(st.booleans()),
        fee_cents=draw(st.integers(0, low)) if not inner else 0,
        members=tuple(inner),
        discount_percent=draw(st.integers(0, 50)),
    )


@given(services(), terms, cases)
def test_any_quote_adds_up(priced: Priced, rests_on: Terms, case: Case) -> None:
    result = price_service(priced, rests_on, case, today=TODAY)
    for end in ("low", "high"):
        totals: vat.Totals = getattr(result, end)
        assert totals.gross_cents == totals.net_cents + totals.tax_cents
        assert sum(getattr(line, f"{end}_cents") for line in result.lines) == totals.net_cents
        for part in totals.sums:
            assert abs(vat.tax_of(part.base_cents, part.percent) - part.tax_cents) <= 2
    assert result.low.gross_cents <= result.high.gross_cents
    if result.style == "exact":
        assert result.low.gross_cents == result.high.gross_cents


@given(services(), terms, cases, cents)
def test_a_higher_price_never_makes_a_quote_cheaper(
    priced: Priced, rests_on: Terms, case: Case, more: int
) -> None:
    dearer = replace(
        priced,
        price_min_cents=priced.price_min_cents + more if priced.price_min_cents else 0,
        price_max_cents=priced.price_max_cents + more,
        labour_seconds=priced.labour_seconds + more,
        parts_cost_cents=priced.parts_cost_cents,
    )
    before = price_service(priced, rests_on, case, today=TODAY)
    after = price_service(dearer, rests_on, case, today=TODAY)
    # Each rule rounds to the cent by itself.
    assert after.low.gross_cents >= before.low.gross_cents - len(rests_on.rules)


@given(services(), cases, st.integers(0, 100))
def test_a_discount_never_makes_it_dearer_and_never_less_than_the_fee(
    priced: Priced, case: Case, percent: int
) -> None:
    before = price_service(priced, Terms(), case, today=TODAY)
    reduced = price_service(priced, Terms(rules=(Rule(percent=-percent),)), case, today=TODAY)
    assert reduced.high.gross_cents <= before.high.gross_cents
    fees = sum(part.base_cents for part in reduced.low.sums if part.category == "E")
    assert reduced.low.gross_cents >= fees


@given(services(), terms, cases)
def test_knowing_more_never_leaves_the_range_that_was_told(
    priced: Priced, rests_on: Terms, case: Case
) -> None:
    unknown = price_service(priced, rests_on, Case(quantity=case.quantity, fleet=case.fleet), today=TODAY)
    if case.on is not None and rests_on.country == "DE":
        known = price_service(priced, rests_on, case, today=TODAY)
        assert unknown.low.gross_cents <= known.low.gross_cents
        assert known.high.gross_cents <= unknown.high.gross_cents


@given(st.integers(0, 10_000_000), st.sampled_from([10, 12, 100]))
def test_labour_is_rounded_half_up_to_the_cent(seconds: int, division: int) -> None:
    exact = Decimal(seconds) * 11_200 / 3_600
    assert abs(labour_cents(seconds, 11_200) - exact) <= Decimal("0.5")
    assert abs(seconds_of(units_of(seconds, division), division) - seconds) <= 180
