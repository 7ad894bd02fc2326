"""What is due, when, why, and by which service."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.catalog.library import library_rows
from carbot_app.domains.diagnostics.evidence import LTFT1, Evidence, LiveSummary
from carbot_app.domains.diagnostics.explain import explain_code, explain_codes
from carbot_app.domains.diagnostics.maintenance import (
    INTERVALS,
    URGENCIES,
    DoneWork,
    DueItem,
    Interval,
    Trends,
    Vehicle,
    add_months,
    due_work,
    falls_below,
    intervals_of,
)
from carbot_app.domains.diagnostics.mileage import Mileage
from carbot_app.kit.i18n import list_words

TODAY = date(2026, 11, 23)
UNKNOWN = Mileage(None, 33, True)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def due(vehicle=None, mileage=UNKNOWN, done=(), **more) -> dict[str, DueItem]:
    return {item.work: item for item in due_work(vehicle or Vehicle(), mileage, done, TODAY, **more)}


def test_oil_is_due_by_mileage_or_by_time_whichever_is_first():
    fresh = DoneWork("ENG-OIL-001", ago(100), 50_000)
    by_km = due(mileage=Mileage(64_000, 50, False), done=[fresh])["oil"]
    assert (by_km.reason, by_km.params, by_km.due_km) == ("km", {"km": 65_000}, 65_000)
    assert (by_km.due_on, by_km.urgency, by_km.service) == (TODAY + timedelta(days=20), "soon", "ENG-OIL-001")
    by_time = due(mileage=Mileage(51_000, 5, False), done=[fresh])["oil"]
    assert (by_time.reason, by_time.params) == ("months", {"months": 12})
    assert by_time.due_on == add_months(ago(100), 12)
    assert by_time.urgency == "later"


def test_far_beyond_its_mileage_work_is_overdue():
    done = [DoneWork("ENG-OIL-001", ago(60), 50_000)]
    assert due(mileage=Mileage(65_100, 50, False), done=done)["oil"].urgency == "now"
    assert due(mileage=Mileage(67_000, 50, False), done=done)["oil"].urgency == "overdue"


@pytest.mark.parametrize(
    ("days", "urgency"), [(730 + 120, "overdue"), (730, "now"), (690, "soon"), (100, "later")]
)
def test_brake_fluid_is_due_every_two_years_whatever_the_mileage(days, urgency):
    item = due(done=[DoneWork("SAF-BRK-010", ago(days))])["brake_fluid"]
    assert (item.urgency, item.service, item.due_km) == (urgency, "SAF-BRK-010", None)


def test_a_service_that_includes_the_work_counts_too():
    done = [DoneWork("ENG-INS-002", ago(30), 80_000), DoneWork("ENG-OIL-001", ago(900), 40_000)]
    found = due(mileage=Mileage(81_000, 30, False), done=done)
    assert found["oil"].urgency == found["cabin_filter"].urgency == "later"


def test_without_a_record_a_new_car_counts_from_registration_and_an_old_one_is_asked_about():
    new = due(Vehicle("petrol", registered_on=ago(340)), Mileage(3_000, 9, False))
    assert new["oil"].reason == "months"
    assert new["oil"].urgency == "soon"
    old = due(Vehicle("petrol", registered_on=ago(3000)), Mileage(110_000, 37, False))
    assert (old["oil"].reason, old["oil"].urgency, old["oil"].due_on) == ("no_record", "soon", None)


def test_nothing_is_guessed_about_a_car_nobody_knows():
    assert due() == {}


@pytest.mark.parametrize(
    ("fuel", "has", "lacks"),
    [
        (
            "electric",
            {"service_electric", "brake_fluid", "cabin_filter"},
            {"oil", "spark_plugs", "timing_belt"},
        ),
        ("diesel", {"oil", "fuel_filter", "timing_belt"}, {"spark_plugs", "service_electric"}),
        ("petrol", {"oil", "spark_plugs"}, {"fuel_filter", "service_electric"}),
    ],
)
def test_work_depends_on_the_fuel(fuel, has, lacks):
    found = due(Vehicle(fuel, registered_on=ago(100))).keys()
    assert has <= found
    assert not lacks & found


def test_the_intervals_of_the_workshop_go_before():
    own = {"oil": Interval("ENG-OIL-001", 30_000, 24)}
    found = due(done=[DoneWork("ENG-OIL-001", ago(400))], intervals=own)
    assert list(found) == ["oil"]
    assert found["oil"].params == {"months": 24}


def test_intervals_of_the_catalogue_replace_the_usual_ones_where_it_states_any():
    intervals = intervals_of({"ENG-OIL-001": (30_000, 24), "SAF-BRK-010": (None, None), "X": (1, 1)})
    assert (intervals["oil"].km, intervals["oil"].months) == (30_000, 24)
    assert intervals["oil"].resets == INTERVALS["oil"].resets
    assert intervals["brake_fluid"] == INTERVALS["brake_fluid"]
    assert intervals.keys() == INTERVALS.keys()


def test_work_without_a_known_mileage_at_the_time_goes_by_date():
    item = due(mileage=Mileage(90_000, 40, False), done=[DoneWork("ENG-OIL-001", ago(200))])["oil"]
    assert (item.reason, item.due_km) == ("months", None)


@pytest.mark.parametrize(
    ("vehicle", "on", "urgency", "service"),
    [
        (Vehicle("petrol", inspection_due=date(2026, 11, 30)), date(2026, 11, 30), "now", "SAF-HUA-001"),
        (Vehicle("petrol", inspection_due=date(2026, 10, 31)), date(2026, 10, 31), "overdue", "SAF-HUA-001"),
        (Vehicle("electric", inspected_on=date(2025, 3, 4)), date(2027, 3, 31), "later", "SAF-HUA-010"),
        (Vehicle("", registered_on=date(2024, 1, 9)), date(2027, 1, 31), "later", "SAF-HUA-001"),
    ],
)
def test_the_inspection_follows_the_law(vehicle, on, urgency, service):
    item = due(vehicle)["inspection"]
    assert (item.due_on, item.urgency, item.service, item.reason) == (on, urgency, service, "inspection")


def test_codes_become_work_by_their_urgency():
    items = due_work(Vehicle(), UNKNOWN, (), TODAY, codes=explain_codes(["P0457", "P0524", "P0171"]))
    assert [(item.params["code"], item.urgency) for item in items] == [
        ("P0524", "overdue"),
        ("P0171", "soon"),
        ("P0457", "later"),
    ]
    assert [item.service for item in items] == ["ENG-OIL-001", "ENG-DIA-001", "ENG-DIA-001"]


def test_a_cause_that_is_very_likely_names_the_service():
    view = explain_code("P0171", "de", Evidence(live=LiveSummary(idle={LTFT1: 18}, load={LTFT1: 1})))
    assert due(codes=[view])["code"].service == "ENG-DIA-006"


def test_a_battery_that_fades_is_due_for_a_test_once():
    volts = [(ago(400), 12.7), (ago(200), 12.5), (ago(5), 12.2)]
    trends = Trends(resting_volts=volts)
    item = due(trends=trends)["battery"]
    assert (item.reason, item.params, item.service) == ("battery_trend", {"volts": 12.2}, "ELE-BAT-001")
    old = Vehicle("petrol", registered_on=ago(6000))
    both = [i for i in due_work(old, UNKNOWN, (), TODAY, trends=trends) if i.service == "ELE-BAT-001"]
    assert len(both) == 1


def test_a_growing_fuel_trim_is_looked_into_in_either_direction():
    for sign in (1, -1):
        trims = [(ago(300), 2.0 * sign), (ago(150), 6.0 * sign), (ago(3), 9.5 * sign)]
        item = due(trends=Trends(fuel_trim=trims))["mixture"]
        assert (item.reason, item.params) == ("trim_trend", {"percent": 10})


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(ago(9), 12.5), (ago(3), 12.0)],
        [(ago(9), 12.8), (ago(5), 12.7), (ago(3), 12.6)],
        [(ago(9), 12.0), (ago(5), 12.1), (ago(3), 12.3)],
        [(ago(3), 12.6), (ago(3), 12.2), (ago(3), 12.0)],
    ],
)
def test_no_trend_is_read_into_few_high_or_rising_values(points):
    assert falls_below(points, 12.4) is None


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 25, date(2028, 12, 30)),
    ],
)
def test_months_are_added_as_people_do(day, months, expected):
    assert add_months(day, months) == expected


def test_every_service_and_every_word_exists():
    services = {row["code"] for row in library_rows()}
    words = list_words("de", "diagnostic_codes")
    for work, interval in INTERVALS.items():
        assert {interval.service, *interval.resets} <= services
        assert f"work.{work}" in words
    for key in ("inspection", "code", "mixture"):
        assert f"work.{key}" in words


@given(
    st.sampled_from(["petrol", "diesel", "electric", "hybrid", "lpg", ""]),
    st.dates(date(1990, 1, 1), TODAY),
    st.integers(0, 400_000),
    st.floats(1, 300),
    st.lists(
        st.builds(
            DoneWork,
            st.sampled_from([interval.service for interval in INTERVALS.values()]),
            st.dates(date(2000, 1, 1), TODAY),
            st.none() | st.integers(0, 400_000),
        ),
        max_size=5,
    ),
)
def test_every_list_is_ordered_complete_and_says_why(fuel, registered, km, pace, done):
    items = due_work(Vehicle(fuel, registered_on=registered), Mileage(km, pace, False), done, TODAY)
    words = list_words("de", "diagnostic_codes")
    assert [URGENCIES.index(item.urgency) for item in items] == sorted(
        URGENCIES.index(item.urgency) for item in items
    )
    assert len({item.service for item in items}) == len(items)
    for item in items:
        assert f"due.{item.reason}" in words
        assert f"due.urgency.{item.urgency}" in words
        assert item.due_on is not None or item.reason == "no_record"


@given(st.integers(0, 60_000), st.integers(1, 20_000))
def test_whoever_drives_further_is_not_due_later(km, further):
    done = [DoneWork("ENG-OIL-001", ago(30), 0)]
    near, far = (due(mileage=Mileage(k, 40, False), done=done)["oil"] for k in (km, km + further))
    assert far.due_on <= near.due_on
    assert URGENCIES.index(far.urgency) <= URGENCIES.index(near.urgency)
