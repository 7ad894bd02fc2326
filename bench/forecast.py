"""Rolling-origin back-test of the demand forecast against its rivals, on the demo workshop's two years."""

import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bench.harness import machine, record
from carbot_app.bootstrap import build_services
from carbot_app.config import Settings
from carbot_app.db.migrate import migrate
from carbot_app.db.session import SYSTEM
from carbot_app.demo.cast import SLUG
from carbot_app.demo.load import load_demo
from carbot_app.domains.analytics.forecast import (
    HORIZON,
    Calendar,
    expected,
    forecast,
    mase,
    measured_coverage,
    weekly_means,
)
from carbot_app.domains.booking.availability import opening_rules
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
ORIGINS, EVERY = 12, 21
Rival = Callable[[Sequence[date], Sequence[float], Sequence[date], Calendar], list[float]]


def forecast_back_test() -> None:
    """MASE of each rival beside the seasonal-naive baseline, both series; statsmodels where installed."""
    setting = machine()
    calendar, series = _demo()
    figures: dict[str, Any] = {}
    for name, by_day in series.items():
        first, last = min(by_day), NOW.date() - timedelta(days=1)
        days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
        values = [by_day.get(day, 0.0) for day in days]
        errors = {rival: _rolling(days, values, calendar, tell) for rival, tell in RIVALS.items()}
        figures |= {f"{name}_mase_{rival}": round(error, 3) for rival, error in errors.items() if error}
        figures[f"{name}_better_than_naive_percent"] = round(
            100 * (1 - errors["poisson"] / errors["seasonal_naive"]), 1
        )
        covered = measured_coverage(days, values, calendar)
        figures[f"{name}_band_coverage"] = round(covered or 0, 3)
        started = time.perf_counter()
        forecast(by_day, last, calendar)
        figures[f"{name}_seconds"] = round(time.perf_counter() - started, 2)
    record(
        "forecast",
        load=f"demo workshop, {ORIGINS} origins every {EVERY} days, {HORIZON} days ahead",
        target="MASE at least 10 % below the seasonal-naive baseline; 80 % of days in the band",
        baseline="the same weekday of the last known week, closed days 0",
        result=figures,
        setting=setting,
    )


def _demo() -> tuple[Calendar, dict[str, dict[date, float]]]:
    with tempfile.TemporaryDirectory(prefix="carbot-bench-") as folder:
        services = build_services(Settings(data_dir=Path(folder)), clock=ManualClock(NOW))
        migrate(services.db.engine)
        load_demo(services)
        with services.db.reading(SYSTEM) as session:
            workshop = session.exec(select(Workshop).where(Workshop.slug == SLUG)).one()
        with services.db.reading(workshop.id) as session:
            rules = opening_rules(session, workshop)
            visits = session.exec(select(Appointment).where(col(Appointment.state) != "cancelled")).all()
        services.db.close()
    zone = ZoneInfo(workshop.timezone)
    counts: dict[date, float] = {}
    hours: dict[date, float] = {}
    for visit in visits:
        day = visit.starts_at.astimezone(zone).date()
        if day < NOW.date():
            counts[day] = counts.get(day, 0) + 1
            hours[day] = hours.get(day, 0) + (visit.ends_at - visit.starts_at).total_seconds() / 3600
    return Calendar(lambda day: not rules.is_closed(day)), {"bookings": counts, "hours": hours}


def _rolling(days: Sequence[date], values: Sequence[float], calendar: Calendar, tell: Rival) -> float:
    scores = []
    for step in range(ORIGINS):
        at = len(days) - HORIZON - step * EVERY
        ahead, real = days[at : at + HORIZON], values[at : at + HORIZON]
        told = tell(days[:at], values[:at], ahead, calendar)
        if not told:
            return 0.0
        kept = [place for place, day in enumerate(ahead) if calendar.is_open(day)]
        scores.append(mase([real[n] for n in kept], [told[n] for n in kept], values[:at]))
    return fmean(scores)


def _opened(told: Sequence[float], ahead: Sequence[date], calendar: Calendar) -> list[float]:
    """Every rival knows when the workshop is closed; the baseline too."""
    return [
        max(0.0, float(value)) if calendar.is_open(day) else 0.0
        for day, value in zip(ahead, told, strict=True)
    ]


def _seasonal_naive(days, values, ahead, calendar):
    week = values[-7:]
    return _opened([week[place % 7] for place in range(len(ahead))], ahead, calendar)


def _last_year(days, values, ahead, calendar):
    return _opened([values[len(values) - 364 + place] for place in range(len(ahead))], ahead, calendar)


def _ets(days, values, ahead, calendar):
    try:
        from statsmodels.tsa.holtwinters import ExponentialSmoothing  # pyright: ignore[reportMissingImports]
    except ImportError:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = ExponentialSmoothing(values, trend=None, seasonal="add", seasonal_periods=7).fit()
    return _opened(fitted.forecast(len(ahead)), ahead, calendar)


def _sarimax(days, values, ahead, calendar):
    try:
        from statsmodels.tsa.statespace.sarimax import SARIMAX  # pyright: ignore[reportMissingImports]
    except ImportError:
        return []
    import numpy as np

    from carbot_app.domains.analytics.forecast import _features

    def table(of):
        # Without one weekday, which the constant stands for
        return np.array(
            [[*_features(day, days[-1], True, calendar)[1:], float(calendar.is_open(day))] for day in of]
        )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = SARIMAX(values, exog=table(days), order=(1, 0, 1), trend="c").fit(disp=False, maxiter=25)
    return _opened(fitted.forecast(len(ahead), exog=table(ahead)), ahead, calendar)


def _trees(days, values, ahead, calendar):
    import numpy as np
    from sklearn.ensemble import HistGradientBoostingRegressor

    def row(day):
        beside = (calendar.is_open(day + timedelta(days=step)) for step in (-1, 1))
        return [day.weekday(), day.timetuple().tm_yday, (day - days[-1]).days, *beside]

    def table(of):
        return np.array([row(day) for day in of])

    known = [(day, value) for day, value in zip(days, values, strict=True) if calendar.is_open(day)]
    fitted = HistGradientBoostingRegressor(loss="poisson", max_iter=120, learning_rate=0.06, random_state=0)
    fitted.fit(table([day for day, _ in known]), np.array([value for _, value in known]))
    return _opened(fitted.predict(table(ahead)), ahead, calendar)


RIVALS: dict[str, Rival] = {
    "seasonal_naive": _seasonal_naive,
    "same_days_last_year": _last_year,
    "weekly_means": weekly_means,
    "ets": _ets,
    "sarimax": _sarimax,
    "boosted_trees": _trees,
    "poisson": expected,
}
