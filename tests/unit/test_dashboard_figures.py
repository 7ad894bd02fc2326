"""Figures as tiles write them: short enough for a tile, in the reader's own way."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.analytics.schemas import Cohort, Filters, FunnelStep, HeatMap, Kpi, MixItem
from carbot_app.state.dashboard_figures import describe_tiles, write_whole
from carbot_app.state.dashboard_panels import (
    LEVELS,
    describe_cohorts,
    describe_funnel,
    describe_heat,
    describe_mix,
)
from carbot_app.state.wording import Reader


def reader(language: str = "de") -> Reader:
    return Reader(language, ZoneInfo("Europe/Berlin"), datetime(2026, 11, 30, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("value", "unit", "language", "text"),
    [
        (None, "count", "de", "–"),
        (148.0, "count", "de", "148"),
        (41.23, "percent", "de", "41 %"),
        (2.14, "percent", "de", "2,1 %"),
        (6_482_049, "cents", "de", "64.820 €"),
        (-4_200, "cents", "de", "-42 €"),
        (1_234_567_890_00, "cents", "de", "1,2 Mrd. €"),
        (38, "seconds", "de", "38 Sek."),
        (24_720, "minutes", "de", "412 Std."),
        (285, "minutes", "de", "4,8 Std."),
        (4.83, "stars", "de", "4,8 von 5"),
        (4.83, "stars", "en", "4.8 of 5"),
    ],
)
def test_a_figure_and_its_unit(value: float | None, unit: str, language: str, text: str) -> None:
    assert write_whole(value, unit, reader(language), "EUR").replace("\xa0", " ") == text


def kpi(
    value: float | None, previous: float | None, unit: str = "count", good: str = "up", **more: object
) -> Kpi:
    return Kpi("new_leads", unit, value, previous, good, (1.0, 2.0), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "delta", "direction", "verdict"),
    [
        (kpi(118, 100), "18 %", "up", "good"),
        (kpi(100, 118, good="down"), "15 %", "down", "good"),
        (kpi(5, 0), "", "flat", "neutral"),
        (kpi(5, None), "", "flat", "neutral"),
        (kpi(None, 5), "", "flat", "neutral"),
        (kpi(100, 100), "unverändert", "flat", "neutral"),
        (kpi(100_000, 1), "> 999 %", "up", "good"),
        (kpi(41.2, 37.8, "percent"), "3,4 Pkt.", "up", "good"),
        (kpi(60.0, 38.0, "seconds", "down"), "22 Sek.", "up", "bad"),
        (kpi(4.8, 4.7, "stars"), "0,1", "up", "good"),
        (kpi(-50, -100, "cents"), "50 %", "up", "good"),
    ],
)
def test_a_change_and_whether_it_is_good(one: Kpi, delta: str, direction: str, verdict: str) -> None:
    tile = describe_tiles([one], reader(), "EUR", "", [])[0]
    assert (tile.delta, tile.direction, tile.verdict) == (delta, direction, verdict)


def test_hours_sold_stand_beside_hours_present() -> None:
    tile = describe_tiles([kpi(24_720, None, "minutes", beside=28_800)], reader(), "EUR", "", [])[0]
    assert (tile.figure, tile.unit) == ("412", "von 480 Std.")


def test_a_series_of_nothing_has_no_line() -> None:
    flat = Kpi("rating", "stars", None, None, "up", (0.0, 0.0))
    assert describe_tiles([flat], reader(), "EUR", "", [])[0].spark == ""


def test_steps_are_shares_of_the_first_and_none_of_nothing() -> None:
    steps = [FunnelStep("lead", 200), FunnelStep("answered", 150), FunnelStep("visited", 1)]
    assert [(bar.share, bar.width) for bar in describe_funnel(steps, reader())] == [
        ("", 100),
        ("75 %", 75),
        ("0 %", 1),
    ]
    empty = [FunnelStep("lead", 0), FunnelStep("answered", 0)]
    assert [(bar.share, bar.width) for bar in describe_funnel(empty, reader())] == [("", 0), ("", 0)]


def test_the_busiest_hour_is_darkest_and_a_night_shift_widens_the_map() -> None:
    counts = [[0] * 24 for _ in range(7)]
    counts[0][9], counts[6][2] = 40, 1
    heat = describe_heat(HeatMap(tuple(map(tuple, counts)), 2.4), reader(), Filters(weekday=0, hour=9))
    assert (heat.first_hour, len(heat.cells[0])) == (2, 20)
    assert (heat.cells[0][7].level, heat.cells[6][0].level, heat.cells[1][0].level) == (LEVELS, 1, 0)
    assert (heat.cells[0][7].chosen, heat.cells[0][7].label) == (True, "Montag, 9 Uhr: 40")
    assert heat.after_hours == "2 % nach Feierabend"


def test_a_chosen_service_is_shown_however_rare() -> None:
    items = [MixItem(f"S{number}", f"Leistung {number}", 20 - number, 0) for number in range(12)]
    shown = describe_mix(items, reader(), "S11", lambda item: item.label)
    assert [bar.key for bar in shown] == [*(f"S{number}" for number in range(8)), "S11"]
    assert [bar.chosen for bar in shown].count(True) == 1


def test_a_month_without_customers_divides_by_nothing() -> None:
    month = datetime(2026, 9, 1, tzinfo=UTC).date()
    row = describe_cohorts([Cohort(month, 0, (0, 0, 0))], reader())[0]
    assert [cell.text for cell in row.cells] == ["·", "·"]
