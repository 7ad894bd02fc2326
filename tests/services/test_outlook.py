"""Forecast, score, capacity and services follow from a workshop's own records and from nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from carbot_app.db.session import Database
from carbot_app.domains.analytics import forecast, score, steps
from carbot_app.domains.analytics.demand import SERIES, DemandForecasts
from carbot_app.domains.analytics.outlook_models import DemandForecast, ScoreWeights
from carbot_app.domains.analytics.service_figures import Wish
from carbot_app.domains.orders.models import DeclinedJob, OrderJob
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound
from tests.factories.actors import staff_of
from tests.factories.booking import make_appointment
from tests.factories.catalog import make_service
from tests.factories.customers import make_vehicle
from tests.factories.saving import save
from tests.services.outlook_bay import BRAKES, Bay, open_bay


@pytest.fixture
def bay(database: Database, clock: ManualClock) -> Bay:
    return open_bay(database, clock)


def test_an_empty_workshop_is_told_that_nothing_is_known(bay: Bay) -> None:
    for _ in range(2):
        card = bay.outlook.score_card(bay.actor)
        assert (card.score.points, card.change, card.steps) == (None, None, ())
        assert card.score.missing == score.PARTS
        plan = bay.outlook.capacity(bay.actor)
        assert len(plan.weeks) == 6
        assert {week.expected for week in plan.weeks} == {None}
        assert plan.reason == forecast.NO_HISTORY
        board = bay.outlook.services(bay.actor)
        assert (board.figures, board.wishes, board.suggestions, board.decided) == ((), (), (), 0)
        assert {bay.outlook.forecast(bay.actor, series) for series in SERIES} == {()}
        # The same once the night has looked and found nothing
        bay.look_ahead()


def test_one_event_promises_nothing(bay: Bay) -> None:
    bay.visits(1)
    bay.leads(1)
    bay.collect()
    bay.look_ahead()
    assert bay.outlook.demand(bay.actor, "visits").method == forecast.NONE
    assert bay.outlook.score_card(bay.actor).score.missing != ()


def test_a_short_past_is_forecast_by_its_weeks_and_closed_days_are_empty(bay: Bay) -> None:
    bay.visits(30)
    bay.look_ahead()
    found = bay.outlook.demand(bay.actor, "visits")
    assert (found.method, found.reason) == (forecast.WEEKLY_MEANS, forecast.SHORT_HISTORY)
    by_day = {band.day: band for band in found.bands}
    assert {band.mid for day, band in by_day.items() if day.isoweekday() == 7} == {0}
    assert {band.mid for day, band in by_day.items() if day.isoweekday() == 2} == {1}
    assert all(band.low == band.mid == band.high for band in found.bands)
    hours = bay.outlook.forecast(bay.actor, "hours")
    assert {band.mid for band in hours if band.day.isoweekday() == 2} == {1}
    plan = bay.outlook.capacity(bay.actor)
    assert plan.reason == forecast.SHORT_HISTORY
    assert all(week.expected and week.present > week.expected > 0 for week in plan.weeks[1:3])


def test_the_next_night_replaces_the_forecast_and_past_days_fall_off(bay: Bay) -> None:
    bay.visits(20)
    forecasts = DemandForecasts(db=bay.database, clock=bay.clock)
    assert forecasts.run() == 1
    first = bay.outlook.forecast(bay.actor, "visits")
    bay.clock.advance(timedelta(days=2))
    assert bay.outlook.forecast(bay.actor, "visits") == first[2:]
    forecasts.run()
    again = bay.outlook.forecast(bay.actor, "visits")
    assert again[0].day == first[2].day
    assert len(again) == len(first) == forecast.HORIZON
    with bay.database.reading(bay.workshop.id) as session:
        assert len(session.exec(select(DemandForecast)).all()) == len(SERIES)


def test_a_figure_without_forecast_is_unknown(bay: Bay) -> None:
    with pytest.raises(NotFound) as unknown:
        bay.outlook.forecast(bay.actor, "weather")
    assert unknown.value.code == "figure_unknown"


def test_the_capacity_counts_what_is_booked_against_who_is_there(bay: Bay) -> None:
    tomorrow = (bay.clock() + timedelta(days=7)).replace(hour=8, minute=0, second=0, microsecond=0)
    make_appointment(
        bay.database,
        bay.workshop,
        bay.customer,
        bay.technician,
        bay.bay,
        starts_at=tomorrow,
        ends_at=tomorrow + timedelta(hours=2),
        state="confirmed",
    )
    weeks = bay.outlook.capacity(bay.actor).weeks
    assert sum(week.booked for week in weeks) == 2
    # Five days of nine hours and a Saturday of four
    assert weeks[1].present == 49
    assert [week.first.isoweekday() for week in weeks[1:]] == [1] * 5


def test_the_score_is_the_recount_of_its_parts(bay: Bay) -> None:
    bay.leads(6, state="booked", seconds=60)
    bay.leads(6, state="lost", seconds=60)
    for number in range(5):
        bay.job(f"A{number}", late=number == 0)
    bay.collect()
    card = bay.outlook.score_card(bay.actor)
    parts = {part.code: part for part in card.score.parts}
    assert (parts[score.RESPONSE].value, parts[score.RESPONSE].points) == (60, 100)
    assert (parts[score.CONVERSION].value, parts[score.CONVERSION].count) == (50, 12)
    assert (parts[score.PUNCTUALITY].value, parts[score.PUNCTUALITY].points) == (80, 50)
    # 119 gross are 100 net, 25 of them are parts
    assert parts[score.MARGIN].value == 75
    # Before its first visit nobody counts as present
    assert set(card.score.missing) == {score.UTILISATION, score.SATISFACTION}
    # (100 * 20 + 88 * 20 + 50 * 15 + 100 * 10) / 65
    assert card.score.points == 85


def test_a_job_with_a_part_of_unknown_cost_is_no_margin(bay: Bay) -> None:
    for number in range(5):
        bay.job(f"A{number}", cost=0)
    found = {part.code: part for part in bay.outlook.score_card(bay.actor).score.parts}
    assert (found[score.MARGIN].value, found[score.MARGIN].count) == (None, 0)


def test_weights_are_kept_and_count(bay: Bay) -> None:
    bay.leads(6, seconds=60)
    bay.collect()
    for weight in (9, 0):
        bay.outlook.weigh(
            bay.actor, {**dict.fromkeys(score.PARTS, 0), score.RESPONSE: 7, score.MARGIN: weight}
        )
        card = bay.outlook.score_card(bay.actor)
        assert card.score.points == 100
        assert {part.code: part.weight for part in card.score.parts}[score.MARGIN] == weight
    with bay.database.reading(bay.workshop.id) as session:
        assert len(session.exec(select(ScoreWeights)).all()) == 1


def test_weights_that_make_no_sense_are_refused(bay: Bay) -> None:
    with pytest.raises(Invalid) as refused:
        bay.outlook.weigh(bay.actor, {score.MARGIN: 101})
    assert refused.value.code == "score_weights_invalid"
    with pytest.raises(Forbidden):
        bay.outlook.weigh(staff_of(bay.workshop, "front_desk"), {score.MARGIN: 1})
    with pytest.raises(Forbidden):
        bay.outlook.score_card(staff_of(bay.workshop, "technician"))


def test_declined_work_and_due_inspections_become_steps(bay: Bay) -> None:
    make_service(bay.database, bay.workshop, "SAF-HUA-001", price_min_cents=15_900)
    for number in range(4):
        make_vehicle(
            bay.database,
            bay.workshop,
            bay.customer,
            plate=f"DO-A {number + 1}",
            inspection_due=bay.clock().date() + timedelta(days=10),
        )
    today = bay.clock().date()
    save(
        bay.database,
        DeclinedJob(
            workshop_id=bay.workshop.id,
            customer_id=bay.customer.id,
            title="Stoßdämpfer",
            gross_cents=200_000,
            declined_on=today,
            follow_up_on=today,
        ),
    )
    found = {step.code: step for step in bay.outlook.score_card(bay.actor).steps}
    assert (found[steps.DECLINED].count, found[steps.DECLINED].worth_cents) == (1, 60_000)
    # 4 * 159 * 35 %, to ten euros
    assert (found[steps.INSPECTIONS].count, found[steps.INSPECTIONS].worth_cents) == (4, 22_000)


def test_services_are_counted_decided_and_missing(bay: Bay) -> None:
    make_service(bay.database, bay.workshop, BRAKES)
    bay.leads(3)
    bay.leads(2, wish="Ozonbehandlung", service_codes=[])
    for number in range(4):
        bay.job(f"A{number}", decision="declined" if number == 3 else "approved")
    bay.collect()
    board = bay.outlook.services(bay.actor)
    (brakes,) = board.figures
    assert (brakes.code, brakes.asked, brakes.accepted, brakes.decided) == (BRAKES, 3, 3, 4)
    assert brakes.margin_percent == 75
    assert (board.wishes, board.decided, board.needed) == ((Wish("Ozonbehandlung", 2),), 4, 30)
    assert board.suggestions == ()


def test_a_decision_taken_back_counts_once(bay: Bay) -> None:
    make_service(bay.database, bay.workshop, BRAKES)
    job = bay.job("A1", decision="declined")
    bay.collect()
    with bay.database.writing(bay.workshop.id) as session:
        row = session.get_one(OrderJob, job.id)
        row.decision = "approved"
    bay.collect()
    (brakes,) = bay.outlook.services(bay.actor).figures
    assert (brakes.accepted, brakes.decided) == (1, 1)


def test_francs_and_huge_numbers_stay_numbers(database: Database, clock: ManualClock) -> None:
    swiss = open_bay(database, clock, country="CH", region="ZH", currency="CHF", timezone="Europe/Zurich")
    for number in range(5):
        swiss.job(f"A{number}", cents=10**8, cost=10**7)
    swiss.collect()
    card = swiss.outlook.score_card(swiss.actor)
    assert card.currency == "CHF"
    margin = {part.code: part.value for part in card.score.parts}[score.MARGIN]
    assert margin == pytest.approx(100 * (1 - 0.1081))


def test_the_clock_change_is_a_day_like_others(database: Database) -> None:
    bay = open_bay(database, ManualClock(datetime(2027, 3, 30, 8, tzinfo=UTC)))
    bay.visits(20)
    bay.look_ahead()
    found = bay.outlook.forecast(bay.actor, "visits")
    assert len({band.day for band in found}) == forecast.HORIZON


def test_another_workshop_changes_nothing(bay: Bay) -> None:
    alone = (
        bay.outlook.score_card(bay.actor),
        bay.outlook.capacity(bay.actor),
        bay.outlook.services(bay.actor),
        bay.outlook.demand(bay.actor, "visits"),
    )
    other = open_bay(bay.database, bay.clock, "other")
    make_service(bay.database, other.workshop, BRAKES)
    other.visits(70)
    other.leads(12, state="booked")
    other.leads(3, wish="Ozonbehandlung", service_codes=[])
    for number in range(5):
        other.job(f"A{number}")
    other.outlook.weigh(other.actor, {score.MARGIN: 99})
    other.collect()
    DemandForecasts(db=bay.database, clock=bay.clock).run()
    assert other.outlook.demand(other.actor, "visits").method == forecast.MODEL
    assert bay.outlook.score_card(bay.actor) == alone[0]
    assert bay.outlook.capacity(bay.actor) == alone[1]
    assert bay.outlook.services(bay.actor) == alone[2]
    assert bay.outlook.demand(bay.actor, "visits") == alone[3]
