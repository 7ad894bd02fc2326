"""What a report tells a customer, from what was found (pure).

It names what is possible or likely and never a diagnosis. Whatever the codes say: with a blinking engine lamp
or a red one nobody is told that they may drive on.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from carbot_app.domains.catalog.schemas import Quote
from carbot_app.domains.diagnostics.dtc import MonitorStatus
from carbot_app.domains.diagnostics.evidence import COOLANT, Evidence, trim, voltage
from carbot_app.domains.diagnostics.explain import CodeView, danger
from carbot_app.domains.diagnostics.health import Health, health_of
from carbot_app.domains.diagnostics.meaning import CodeMeaning, Meaning
from carbot_app.domains.diagnostics.report_schemas import ReportCode, ReportOffer, ReportValue
from carbot_app.domains.diagnostics.words import word
from carbot_app.kit.i18n import translate

OK, WARN, ERR = "ok", "warn", "err"
MOST_CODES = 12
"""A car with a dead battery remembers dozens; the rest is the workshop's business."""
MOST_REASONS = 5
_CAUSE_LANGUAGES = ("de", "en")
_COOL, _WARM, _HOT = 70, 108, 118
"""°C of coolant: below it never got warm, above it is hot, and in danger (explain.py)."""
_REST_LOW, _CHARGE_LOW, _CHARGE_HIGH = 12.4, 13.2, 15.0
_TRIM_WIDE = 10.0
"""Percent from which the mixture is corrected more than it should be (health.py)."""


def health_in(meaning: Meaning, lamps: Collection[str]) -> Health:
    """How well the car of a reading is."""
    reading = meaning.reading
    kinds: dict[str, set[str]] = {}
    for finding in reading.findings:
        kinds.setdefault(finding.code, set()).add(finding.kind)
    return health_of(
        [one.view for one in meaning.codes],
        pending=[code for code, found in kinds.items() if found == {"pending"}],
        status=MonitorStatus(reading.mil, len(kinds), "", reading.readiness),
        evidence=meaning.evidence,
        lamps=lamps,
    )


def stop_reason(meaning: Meaning, lamps: Collection[str], language: str) -> str:
    """Why nobody may drive on, said as an instruction; empty: no reason.

    A lamp or a temperature comes first, because it is the nearer danger.
    """
    found = danger(lamps, meaning.evidence)
    if found:
        return word(language, f"danger.{found}")
    return next((one.view.advice for one in meaning.codes if one.view.tow), "")


def codes_told(codes: Sequence[CodeMeaning], language: str) -> tuple[ReportCode, ...]:
    """The codes as a customer reads them, most urgent first."""
    return tuple(_told(one.view, language) for one in codes[:MOST_CODES])


def offers_of(codes: Iterable[CodeMeaning]) -> tuple[ReportOffer, ...]:
    """Each service once, with the codes it is for, in the order of their urgency.

    For a code that is only pending nothing is sold: the car itself is not sure of it yet.
    """
    quotes: dict[str, Quote] = {}
    found: dict[str, list[str]] = {}
    for one in codes:
        if one.quote and any(finding.kind != "pending" for finding in one.findings):
            quotes.setdefault(one.quote.service_code, one.quote)
            found.setdefault(one.quote.service_code, []).append(one.view.code)
    return tuple(
        ReportOffer(
            code,
            quote.service_name,
            quote.text,
            quote.high_cents,
            quote.minutes,
            tuple(found[code][:MOST_CODES]),
        )
        for code, quote in quotes.items()
    )


def values_told(evidence: Evidence, readiness: Mapping[str, bool], language: str) -> tuple[ReportValue, ...]:
    """The gauges as words; what was not measured is not told."""
    return tuple(
        ReportValue(_say(language, f"value.{name}"), _say(language, f"word.{told}"), tone)
        for name, told, tone in _judged(evidence, readiness)
    )


def summary_of(score: int, codes: Sequence[ReportCode], language: str) -> str:
    """The report in a line, for the history of the car."""
    named = ", ".join(f"{one.code} {one.title}" for one in codes)
    said = _say(language, "summary", score=score)
    return f"{said} {named}".strip() if named else f"{said} {_say(language, 'codes_none')}"


def _told(view: CodeView, language: str) -> ReportCode:
    likely = view.causes[0] if view.causes and language in _CAUSE_LANGUAGES else None
    cause = _say(language, f"cause.{likely.likelihood}", cause=likely.name) if likely else ""
    return ReportCode(
        code=view.code,
        title=view.title,
        severity=view.severity,
        urgency=view.urgency,
        safe=view.safe_to_drive,
        safe_text=view.safe_text,
        # Some advice begins with what was just said
        advice=view.advice.removeprefix(f"{view.safe_text}. "),
        cause=cause,
    )


def _judged(evidence: Evidence, readiness: Mapping[str, bool]) -> Iterator[tuple[str, str, str]]:
    """Name, word and tone."""
    live = evidence.live
    hottest = live.highest.get(COOLANT)
    if hottest is not None:
        if hottest >= _WARM:
            yield "temperature", "hot", ERR if hottest >= _HOT else WARN
        else:
            yield ("temperature", "normal", OK) if hottest >= _COOL else ("temperature", "cold", OK)
    resting, charging = voltage(live.off), voltage(live.idle)
    if resting is not None:
        yield ("battery", "weak", WARN) if resting < _REST_LOW else ("battery", "good", OK)
    if charging is not None:
        fine = _CHARGE_LOW <= charging <= _CHARGE_HIGH
        yield ("charging", "good", OK) if fine else ("charging", "conspicuous", WARN)
    trims = [
        value
        for values in (live.idle, live.load)
        for bank in (1, 2)
        if (value := trim(values, bank)) is not None
    ]
    if trims:
        wide = max(map(abs, trims)) >= _TRIM_WIDE
        yield ("mixture", "conspicuous", WARN) if wide else ("mixture", "normal", OK)
    if readiness:
        done = all(readiness.values())
        yield ("self_tests", "complete", OK) if done else ("self_tests", "incomplete", WARN)


def _say(language: str, key: str, **values: object) -> str:
    return translate(language, f"report.{key}", **values)
