"""How well a car is, 0 to 100, and what costs it points (pure).

Each group of reasons has a limit, so that ten small codes do not look worse than one that ends the drive.
Danger caps the whole: a car nobody may drive is never green.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from carbot_app.domains.diagnostics.dtc import MonitorStatus
from carbot_app.domains.diagnostics.evidence import COOLANT, Evidence, trim, voltage
from carbot_app.domains.diagnostics.explain import CodeView, danger
from carbot_app.domains.diagnostics.maintenance import NOW, OVERDUE, DueItem
from carbot_app.domains.diagnostics.words import word

GOOD, WATCH, ACT, STOP = "good", "watch", "act", "stop"
LEVELS = (GOOD, WATCH, ACT, STOP)

_CODE_POINTS = {"critical": 60, "high": 28, "medium": 14, "low": 5}
_PENDING_SHARE = 2
"""A code that is only pending costs half."""
_LIMITS = {"codes": 75, "readiness": 8, "battery": 15, "mixture": 12, "cooling": 20, "work": 25}
_DANGER_CAP, _CRITICAL_CAP = 10, 30
_GOOD_FROM, _WATCH_FROM = 80, 50


@dataclass(frozen=True, slots=True)
class HealthReason:
    """What costs points: ``diagnostic_codes.health.<reason>`` filled with ``params``."""

    reason: str
    points: int
    group: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The reason as a sentence."""
        params = dict(self.params)
        if "work" in params:
            params["work"] = word(language, f"work.{params['work']}")
        return word(language, f"health.{self.reason}", params)


@dataclass(frozen=True, slots=True)
class Health:
    """The score and where it comes from."""

    score: int
    level: str
    """good, watch, act or stop (nobody may drive on)."""
    reasons: tuple[HealthReason, ...] = ()
    """Dearest first; none: nothing was found."""


def health_of(
    codes: Sequence[CodeView] = (),
    *,
    pending: Collection[str] = (),
    status: MonitorStatus | None = None,
    evidence: Evidence | None = None,
    due: Iterable[DueItem] = (),
    lamps: Collection[str] = (),
) -> Health:
    """The health of a car.

    ``codes`` are those found, explained; ``pending`` names the ones not yet confirmed. What was not measured
    costs nothing.
    """
    evidence = evidence or Evidence()
    found = danger(lamps, evidence)
    reasons = [
        *_code_reasons(codes, pending),
        *_readiness_reasons(status),
        *_battery_reasons(evidence),
        *_mixture_reasons(evidence),
        *_cooling_reasons(evidence),
        *_work_reasons(due),
    ]
    score = 100 - sum(
        min(limit, sum(reason.points for reason in reasons if reason.group == group))
        for group, limit in _LIMITS.items()
    )
    if found:
        reasons.append(HealthReason(f"danger_{found}", 100, "danger"))
        score = min(score, _DANGER_CAP)
    elif any(view.tow for view in codes):
        score = min(score, _CRITICAL_CAP)
    ordered = sorted(reasons, key=lambda reason: -reason.points)
    return Health(max(score, 0), _level(score, bool(found) or any(v.tow for v in codes)), tuple(ordered))


def _level(score: int, stop: bool) -> str:
    if stop:
        return STOP
    if score >= _GOOD_FROM:
        return GOOD
    return WATCH if score >= _WATCH_FROM else ACT


def _code_reasons(codes: Sequence[CodeView], pending: Collection[str]) -> list[HealthReason]:
    return [
        HealthReason(
            "code_pending" if view.code in pending else "code",
            _CODE_POINTS[view.severity] // (_PENDING_SHARE if view.code in pending else 1),
            "codes",
            {"code": view.code, "title": view.title},
        )
        for view in codes
    ]


def _readiness_reasons(status: MonitorStatus | None) -> list[HealthReason]:
    if status is None:
        return []
    reasons = []
    if status.incomplete:
        open_tests = len(status.incomplete)
        reasons.append(HealthReason("readiness", min(open_tests, 4), "readiness", {"open": open_tests}))
    if status.mil:
        reasons.append(HealthReason("mil", 4, "readiness"))
    return reasons


def _battery_reasons(evidence: Evidence) -> list[HealthReason]:
    resting, charging = voltage(evidence.live.off), voltage(evidence.live.idle)
    reasons = []
    if resting is not None and resting < 12.4:
        points = 10 if resting < 12.0 else 5
        reasons.append(HealthReason("battery_low", points, "battery", {"volts": round(resting, 1)}))
    if charging is not None and not 13.2 <= charging <= 15.0:
        reasons.append(HealthReason("charging", 12, "battery", {"volts": round(charging, 1)}))
    return reasons


def _mixture_reasons(evidence: Evidence) -> list[HealthReason]:
    trims = [
        value
        for values in (evidence.live.idle, evidence.live.load)
        for bank in (1, 2)
        if (value := trim(values, bank)) is not None
    ]
    worst = max(trims, key=abs, default=0.0)
    if abs(worst) < 10:
        return []
    points = 12 if abs(worst) >= 20 else 6
    return [HealthReason("trim", points, "mixture", {"percent": f"{worst:+.0f}"})]


def _cooling_reasons(evidence: Evidence) -> list[HealthReason]:
    hottest = evidence.live.highest.get(COOLANT)
    if hottest is None or hottest < 108:
        return []
    return [HealthReason("hot", 20 if hottest >= 113 else 10, "cooling", {"degrees": round(hottest)})]


def _work_reasons(due: Iterable[DueItem]) -> list[HealthReason]:
    """Trouble codes count on their own."""
    points = {OVERDUE: 8, NOW: 3}
    return [
        HealthReason("work_overdue" if item.urgency == OVERDUE else "work_due", points[item.urgency], "work",
                     {"work": item.work})
        for item in due
        if item.urgency in points and item.work != "code"
    ]  # fmt: skip
