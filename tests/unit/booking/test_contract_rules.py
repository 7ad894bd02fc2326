"""When a booking obliges to pay, and when the period to withdraw from it is over."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.booking.contract_rules import (
    OfferedPrice,
    OrderKind,
    kind_of_order,
    last_day,
    needs_early_start,
    new_contract_number,
    read_contract_number,
    withdrawal_end,
)

BERLIN, VIENNA = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Vienna")
OIL = OfferedPrice(8_900, exact=True)
RANGE = OfferedPrice(8_900, exact=False)
PER_TYRE = OfferedPrice(2_500, exact=True, per_unit=True)
FREE = OfferedPrice(0, exact=True)


@pytest.mark.parametrize(
    ("mode", "prices", "kind"),
    [
        ("request", (OIL,), OrderKind(binding=False, price_open=False)),
        ("binding", (OIL,), OrderKind(binding=True, price_open=False)),
        ("binding", (OIL, FREE), OrderKind(binding=True, price_open=False)),
        ("binding", (OIL, RANGE), OrderKind(binding=False, price_open=True)),
        ("binding", (PER_TYRE,), OrderKind(binding=False, price_open=True)),
        ("binding", (FREE,), OrderKind(binding=False, price_open=False)),
        ("binding", (), OrderKind(binding=False, price_open=False)),
        ("request", (RANGE,), OrderKind(binding=False, price_open=False)),
    ],
)
def test_only_settled_prices_make_an_order_that_obliges_to_pay(
    mode: str, prices: tuple[OfferedPrice, ...], kind: OrderKind
) -> None:
    assert kind_of_order(mode, prices) == kind


@pytest.mark.parametrize(
    ("concluded", "last"),
    [
        ("2026-11-23T09:00", "2026-12-07"),
        ("2026-11-23T23:59", "2026-12-07"),
        ("2026-11-24T00:00", "2026-12-08"),
        ("2026-11-28T10:00", "2026-12-14"),  # 14 days end on a Saturday
        ("2026-11-29T10:00", "2026-12-14"),  # on a Sunday
        ("2026-12-11T10:00", "2026-12-28"),  # on Christmas Day, Saturday and Sunday follow
        ("2026-12-18T10:00", "2027-01-04"),  # on New Year's Day, Saturday and Sunday follow
        ("2028-02-15T10:00", "2028-02-29"),  # a leap year
        ("2027-02-15T10:00", "2027-03-01"),
        ("2028-02-29T10:00", "2028-03-14"),
        ("2026-10-12T10:00", "2026-10-26"),  # over the end of summer time
        ("2026-03-20T10:00", "2026-04-07"),  # Good Friday, Saturday, Easter and Easter Monday
    ],
)
def test_the_period_ends_fourteen_days_after_the_day_of_the_contract_or_on_the_next_working_day(
    concluded: str, last: str
) -> None:
    ends_at = withdrawal_end(datetime.fromisoformat(concluded).replace(tzinfo=BERLIN), BERLIN, "DE", "NW")
    assert ends_at is not None
    assert last_day(ends_at, BERLIN).isoformat() == last
    local = ends_at.astimezone(BERLIN)
    assert (local.hour, local.minute) == (0, 0)


def test_the_last_day_is_whole_although_the_clocks_change_in_between() -> None:
    concluded = datetime(2026, 3, 16, 8, tzinfo=UTC)
    assert withdrawal_end(concluded, BERLIN, "DE", "NW") == datetime(2026, 3, 30, 22, tzinfo=UTC)


def test_holidays_are_those_of_the_region() -> None:
    concluded = datetime(2026, 5, 21, 10, tzinfo=BERLIN)  # 14 days later is Corpus Christi
    ends = {region: withdrawal_end(concluded, BERLIN, "DE", region) for region in ("NW", "HH")}
    days = {region: last_day(end, BERLIN).isoformat() for region, end in ends.items() if end}
    assert days == {"NW": "2026-06-05", "HH": "2026-06-04"}


def test_austria_has_the_same_period_and_switzerland_none() -> None:
    concluded = datetime(2026, 11, 24, 9, tzinfo=VIENNA)
    ends_at = withdrawal_end(concluded, VIENNA, "AT", "9")
    assert ends_at is not None
    assert last_day(ends_at, VIENNA).isoformat() == "2026-12-09"  # 8 December is a holiday there
    assert withdrawal_end(concluded, ZoneInfo("Europe/Zurich"), "CH", "ZH") is None


def test_work_within_the_period_has_to_be_asked_for() -> None:
    ends_at = datetime(2026, 12, 7, 23, tzinfo=UTC)
    assert needs_early_start(datetime(2026, 12, 7, 22, 59, tzinfo=UTC), ends_at)
    assert not needs_early_start(ends_at, ends_at)
    assert not needs_early_start(datetime(2026, 11, 24, tzinfo=UTC), None)


def test_contract_numbers_are_read_however_they_are_typed() -> None:
    number = new_contract_number()
    assert len(number) == 9
    assert number != new_contract_number()
    for typed in (number, number.lower(), number.replace("-", ""), f" {number[:2]} {number[2:]} "):
        assert read_contract_number(typed) == number
    assert read_contract_number("oil0-11aa") == "0110-11AA"
    assert read_contract_number("what is this number even?") != number
