"""What may be told about a reading, as data for whoever writes a summary of it (pure).

It names no customer, no plate, no VIN: a summary needs none of them, and an endpoint outside gets nothing it
does not need.
"""

from collections.abc import Collection, Mapping
from typing import Any

from babel.numbers import format_decimal

from carbot_app.domains.diagnostics.evidence import COOLANT, Values
from carbot_app.domains.diagnostics.faithful import LIMITED, NO, YES, SummaryFacts
from carbot_app.domains.diagnostics.meaning import CodeMeaning, Meaning
from carbot_app.domains.diagnostics.reports import (
    MOST_CODES,
    MOST_REASONS,
    codes_told,
    health_in,
    offers_of,
    stop_reason,
    values_told,
)
from carbot_app.domains.diagnostics.signals import BY_KEY, BY_PID
from carbot_app.kit.i18n import translate

MECHANIC, CUSTOMER = "mechanic", "customer"
AUDIENCES = (MECHANIC, CUSTOMER)
_CAUSES = 3
_MEASURED = (
    *("short_fuel_trim_1", "long_fuel_trim_1", "short_fuel_trim_2", "long_fuel_trim_2", "engine_speed"),
    *("coolant_temperature", "intake_pressure", "air_flow", "module_voltage"),
)


def facts_for(audience: str, meaning: Meaning, language: str, lamps: Collection[str] = ()) -> SummaryFacts:
    """What a mechanic or a customer may be told; every text is in ``language``."""
    told = (
        _for_mechanic(meaning, language)
        if audience == MECHANIC
        else _for_customer(meaning, language, tuple(lamps))
    )
    return SummaryFacts(language, told, safety_of(meaning, lamps, language))


def safety_of(meaning: Meaning, lamps: Collection[str], language: str) -> str:
    """Whether anybody may drive with what was found: yes, limited or no."""
    if stop_reason(meaning, lamps, language):
        return NO
    found = {one.view.safe_to_drive for one in meaning.codes}
    return NO if NO in found else LIMITED if LIMITED in found else YES


def _for_mechanic(meaning: Meaning, language: str) -> Mapping[str, Any]:
    health = health_in(meaning, ())
    return {
        "codes": [_code(one) for one in meaning.codes[:MOST_CODES]],
        "measured_at_idle": _measured(meaning.evidence.live.idle, language),
        "measured_under_load": _measured(meaning.evidence.live.load, language),
        "highest_coolant_temperature": _measured(
            {pid: value for pid, value in meaning.evidence.live.highest.items() if pid == COOLANT}, language
        ),
        "condition": [one.text(language) for one in health.reasons[:MOST_REASONS]],
    }


def _code(one: CodeMeaning) -> Mapping[str, Any]:
    view = one.view
    offered = {"service": one.quote.service_name, "price": one.quote.text} if one.quote else {}
    return {
        "code": view.code,
        "title": view.title,
        "urgency": view.urgency,
        "may_drive": view.safe_text,
        "advice": view.advice,
        "causes": [
            {
                "cause": cause.name,
                "likelihood": cause.likelihood_text,
                "reasons": list(cause.reasons),
                "first_check": cause.check,
            }
            for cause in view.causes[:_CAUSES]
        ],
        **offered,
    }


def _measured(values: Values, language: str) -> list[str]:
    wanted = [BY_KEY[key] for key in _MEASURED]
    return [
        f"{translate(language, f'signals.{one.key}')}: {_figure(values[one.pid], one.decimals, language)} "
        + (translate(language, "diagnosis.unit_rpm") if one.unit == "rpm" else one.unit)
        for one in wanted
        if one.pid in values and one.pid in BY_PID
    ]


def _figure(value: float, decimals: int, language: str) -> str:
    return format_decimal(round(value, decimals), locale=language)


def _for_customer(meaning: Meaning, language: str, lamps: tuple[str, ...]) -> Mapping[str, Any]:
    health = health_in(meaning, lamps)
    return {
        "do_not_drive": stop_reason(meaning, lamps, language),
        "condition": translate(language, f"report.level.{health.level}"),
        "codes": [
            {
                "code": one.code,
                "title": one.title,
                "urgency": one.urgency,
                "may_drive": one.safe_text,
                "advice": one.advice,
                "cause": one.cause,
            }
            for one in codes_told(meaning.codes, language)
        ],
        "measured": [
            f"{one.name}: {one.word}"
            for one in values_told(meaning.evidence, meaning.reading.readiness, language)
        ],
        "work": [{"name": one.name, "price": one.price} for one in offers_of(meaning.codes)],
    }
