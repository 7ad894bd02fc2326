"""A trouble code in the reader's words: what it is, how urgent, what to do, where it may come from (pure).

The one entry for page, report and assistant. Safety stands above all knowledge of codes: with a blinking
engine lamp or a red one nobody is told to drive on, whatever the codes say.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from carbot_app.domains.diagnostics.codes import CodeEntry, find_code
from carbot_app.domains.diagnostics.codes.knowledge import SEVERITIES, Knowledge, causes, frequent_codes
from carbot_app.domains.diagnostics.dtc import CodeStructure, normalise, structure
from carbot_app.domains.diagnostics.evidence import COOLANT, Evidence
from carbot_app.domains.diagnostics.ranking import VERY_LIKELY, RankedCause, rank_causes
from carbot_app.domains.diagnostics.words import reader, word

STOP_LAMPS = frozenset({"engine_blinking", "oil", "coolant", "brake", "battery", "power_steering"})
"""Lamps that end a drive; the names are those of the lamp chooser (locale file lamps)."""
_HOT = 118
"""°C of coolant from which the engine is in danger even before its lamp lights."""

DIAGNOSIS = "ENG-DIA-001"
_SERVICES = {"powertrain": DIAGNOSIS, "network": "ELE-ECU-008"}
_CONTROL_UNITS = "ELE-ECU-001"
_UNKNOWN_SEVERITY = {"chassis": "high"}


@dataclass(frozen=True, slots=True)
class CauseView:
    """A possible cause for the workshop's eyes: German for German readers, English for everybody else."""

    cause: str
    name: str
    likelihood: str
    """very_likely, likely, possible or rare."""
    likelihood_text: str
    reasons: tuple[str, ...]
    check: str
    """What to look at first."""
    service: str


@dataclass(frozen=True, slots=True)
class CodeView:
    """What is said about a code. Texts are in the reader's language."""

    code: str
    title: str
    system: str
    """Such as ignition or brakes_abs; of a code that is not known powertrain, chassis, body or network."""
    severity: str
    """low, medium, high or critical."""
    urgency: str
    """The severity as a sentence for the driver."""
    safe_to_drive: str
    """yes, limited or no."""
    safe_text: str
    advice: str
    known: bool
    """False: told by its structure alone."""
    tow: bool
    """The car should be fetched."""
    service: str
    """Service of the catalogue to begin with."""
    causes: tuple[CauseView, ...] = ()

    @property
    def next_service(self) -> str:
        """What to offer: the service that mends a very likely cause, else the one to begin with."""
        first = self.causes[0] if self.causes else None
        return first.service if first and first.likelihood == VERY_LIKELY else self.service

    @property
    def first_check(self) -> str:
        """Of the most likely cause; empty when none is known."""
        return self.causes[0].check if self.causes else ""


def explain_code(
    code: str,
    language: str = "de",
    evidence: Evidence | None = None,
    lamps: Collection[str] = (),
) -> CodeView:
    """One code explained.

    ``evidence`` sharpens the order of causes; its freeze frame must be the one of this code. ``lamps`` are
    the warning lamps that are on.

    Raises:
        Unreadable: no trouble code.
    """
    code = normalise(code)
    evidence = evidence or Evidence(frozenset({code}))
    spoken = reader(language)
    entry, known = find_code(code), frequent_codes().get(code)
    view = _known(entry, known, evidence, spoken) if entry else _unknown(code, structure(code), spoken)
    return _made_safe(view, danger(lamps, evidence), spoken)


def explain_codes(
    codes: Iterable[str],
    language: str = "de",
    evidence: Evidence | None = None,
    lamps: Collection[str] = (),
    freeze_frames: Mapping[str, Mapping[int, float]] | None = None,
) -> tuple[CodeView, ...]:
    """All codes of a car, most urgent first, each ranked with its own freeze frame.

    Raises:
        Unreadable: one of them is no trouble code.
    """
    found = tuple(dict.fromkeys(normalise(code) for code in codes))
    shared = evidence or Evidence()
    frames = freeze_frames or {}
    views = (
        explain_code(
            code,
            language,
            Evidence(shared.codes | frozenset(found), frames.get(code, {}), shared.live),
            lamps,
        )
        for code in found
    )
    return tuple(sorted(views, key=lambda view: -SEVERITIES.index(view.severity)))


def danger(lamps: Collection[str], evidence: Evidence | None = None) -> str | None:
    """Why nobody may drive on: a lamp of STOP_LAMPS, or ``overheating`` by measurement; None: no reason."""
    lamp = next((lamp for lamp in sorted(lamps) if lamp in STOP_LAMPS), None)
    if lamp:
        return lamp
    hottest = evidence.live.highest.get(COOLANT, 0) if evidence else 0
    return "overheating" if hottest >= _HOT else None


def _known(entry: CodeEntry, known: Knowledge | None, evidence: Evidence, language: str) -> CodeView:
    severity, safe = (known or entry.part).severity, (known or entry.part).safe
    advice = known.advice if known else f"default_{safe}"
    return CodeView(
        code=entry.code,
        title=entry.title(language),
        system=entry.part.system,
        severity=severity,
        urgency=word(language, f"urgency.{severity}"),
        safe_to_drive=safe,
        safe_text=word(language, f"safe.{safe}"),
        advice=word(language, f"advice.{advice}"),
        known=True,
        tow=safe == "no",
        service=(known and known.service) or entry.part.service,
        causes=_causes(rank_causes(entry.code, known.causes, evidence), language) if known else (),
    )


def _unknown(code: str, form: CodeStructure, language: str) -> CodeView:
    severity = _UNKNOWN_SEVERITY.get(form.system, "medium")
    subject = word(language, f"area.{form.area}" if form.area else f"system.{form.system}")
    return CodeView(
        code=code,
        title=word(language, f"unknown.{form.origin}_title", {"subject": subject}),
        system=form.system,
        severity=severity,
        urgency=word(language, f"urgency.{severity}"),
        safe_to_drive="limited",
        safe_text=word(language, "safe.limited"),
        advice=word(language, f"unknown.{form.origin}"),
        known=False,
        tow=False,
        service=_SERVICES.get(form.system, _CONTROL_UNITS),
    )


def _made_safe(view: CodeView, found: str | None, language: str) -> CodeView:
    if found is None:
        return view
    return replace(
        view,
        severity="critical",
        urgency=word(language, "urgency.critical"),
        safe_to_drive="no",
        safe_text=word(language, "safe.no"),
        advice=word(language, f"danger.{found}"),
        tow=True,
    )


def _causes(ranked: Iterable[RankedCause], language: str) -> tuple[CauseView, ...]:
    known = causes()
    return tuple(
        CauseView(
            cause=item.cause,
            name=known[item.cause].name(language),
            likelihood=item.likelihood,
            likelihood_text=word(language, f"likelihood.{item.likelihood}"),
            reasons=tuple(reason.text(language) for reason in item.reasons),
            check=known[item.cause].check(language),
            service=item.service,
        )
        for item in ranked
    )
