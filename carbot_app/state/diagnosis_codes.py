"""The codes of the opened session: what they mean, what to do first, what it costs here."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.diagnostics.meaning import CodeMeaning, Meaning
from carbot_app.domains.diagnostics.ranking import LIKELIHOODS
from carbot_app.domains.diagnostics.signals import BY_PID
from carbot_app.domains.orders.schemas import EstimateInput
from carbot_app.kit.i18n import translate
from carbot_app.kit.ids import new_secret
from carbot_app.state.diagnosis_rows import unit_of
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.order_rows import order_href
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader

_TOPICS = {"diagnostic"}
_KINDS_OF_NEWS = {"", *(f"diagnostic.{kind}" for kind in ("codes", "clearing", "cleared", "identified"))}
"""Understanding a recording anew is work; what only the connection tells is not worth it."""
_LENGTHS: dict[str, str] = dict(zip(LIKELIHOODS, ("88%", "58%", "28%", "8%"), strict=True))
_FROZEN = (
    "engine_speed",
    "vehicle_speed",
    "coolant_temperature",
    "engine_load",
    "short_fuel_trim_1",
    "long_fuel_trim_1",
)
_KINDS = ("stored", "pending", "permanent")


@dataclass(frozen=True, slots=True)
class CauseRow:
    """A possible cause."""

    rank: str
    name: str
    likelihood: str
    share: str
    """Of the bar."""
    reason: str


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A reading of the freeze frame."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class CodeCard:
    """A code with everything to act on."""

    code: str
    title: str
    severity: str
    safe: str
    safe_text: str
    advice: str
    kind: str
    where: str
    """Control units."""
    causes: tuple[CauseRow, ...]
    check: str
    service: str
    service_name: str
    price: str
    minutes: int
    freeze: tuple[ValueRow, ...]


@dataclass(frozen=True, slots=True)
class ClearingRow:
    """Codes were cleared."""

    title: str
    detail: str


class DiagnosisCodesState(rx.State):
    """Meaning beside the values."""

    status: str = "loading"
    """loading, unread, ready or failed."""
    read_at: str = ""
    mil: bool = False
    codes: list[CodeCard] = []
    opened: str = ""
    """The code whose card is open."""
    incomplete: list[str] = []
    """Monitors that have not run."""
    has_readiness: bool = False
    clearings: list[ClearingRow] = []
    may_clear: bool = False
    may_estimate: bool = False
    busy: bool = False

    @rx.event
    async def load(self):
        """The newest reading of the session."""
        self.reset()
        return await self._again()

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Codes were read or cleared, or the car was named and has its prices now."""
        if not is_about(topic, subject, _TOPICS, self._session_text()) or kind not in _KINDS_OF_NEWS:
            return None
        return await self._again()

    @rx.event
    async def toggle(self, code: str):
        """Open a card, or close it."""
        self.opened = "" if self.opened == code else code

    @rx.event
    async def read(self):
        """Have the codes read now; the page hears when they are there."""
        async with staff_step(self) as step:
            codes = get_services().diagnostics.codes
            await step.call(codes.ask_for_codes, await step.actor(), self._session_id())
        return step.outcome

    @rx.event
    async def clear(self, form: dict[str, Any]):
        """Have them cleared, with a reason."""
        async with staff_step(self) as step:
            codes, reason = get_services().diagnostics.codes, str(form.get("reason", ""))
            await step.call(codes.clear_codes, await step.actor(), self._session_id(), reason)
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def estimate(self, code: str):
        """An estimate with the service for this code, for this car."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            actor, services = await step.actor(), get_services()
            session = await step.call(services.diagnostics.sessions.get_session, actor, self._session_id())
            card = next((one for one in self.codes if one.code == code and one.service), None)
            if card:
                wanted = EstimateInput(
                    request_key=new_secret(),
                    vehicle_id=session.car.id if session.car else None,
                    service_codes=(card.service,),
                    complaint=f"{card.code} {card.title}",
                    km=session.km,
                )
                order = await step.call(services.orders.create_estimate, actor, wanted)
                step.outcome = [
                    rx.redirect(order_href(order.id)),
                    toast("ok", step.text("diagnosis.codes.estimate_made")),
                ]
        self.busy = False
        yield step.outcome

    def _session_text(self) -> str:
        return self.router.url.query_parameters.get("id", "")

    def _session_id(self) -> UUID:
        return parse_id(self._session_text())

    async def _again(self):
        async with staff_step(self) as step:
            await self._fetch(step)
        if step.error:
            self.status = "failed"
        # The page itself says that there is no such session

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        diagnostics = get_services().diagnostics
        found = await step.call(
            diagnostics.meaning.explain, actor, self._session_id(), language=step.language
        )
        self.may_clear = actor.can("diagnostics.clear")
        self.may_estimate = actor.can("orders.manage")
        if found is None:
            self.status = "unread"
            return
        self._show(found, reader, step.language)
        cleared = await step.call(diagnostics.codes.list_clearings, actor, self._session_id())
        self.clearings = [
            ClearingRow(
                translate(step.language, f"diagnosis.codes.clearing_{one.state}", by=one.by),
                f"{reader.day_and_clock(one.done_at or one.asked_at)} · {one.reason}",
            )
            for one in cleared
        ]
        self.status = "ready"

    def _show(self, found: Meaning, reader: Reader, language: str) -> None:
        self.read_at = reader.day_and_clock(found.reading.read_at)
        self.mil = found.reading.mil
        self.codes = [_card(one, reader, language) for one in found.codes]
        readiness = found.reading.readiness
        self.has_readiness = bool(readiness)
        missing = [name for name, complete in readiness.items() if not complete]
        self.incomplete = [translate(language, f"diagnostic_codes.monitor.{name}") for name in missing]
        if self.codes and self.opened not in {one.code for one in self.codes}:
            self.opened = self.codes[0].code


def _card(found: CodeMeaning, reader: Reader, language: str) -> CodeCard:
    view, quote = found.view, found.quote
    kinds = {one.kind for one in found.findings}
    frame = next((one.freeze_frame for one in found.findings if one.freeze_frame), {})
    return CodeCard(
        code=view.code,
        title=view.title,
        severity=view.severity,
        safe=view.safe_to_drive,
        safe_text=view.safe_text,
        advice=view.advice,
        kind=", ".join(
            translate(language, f"diagnosis.codes.kind.{kind}") for kind in _KINDS if kind in kinds
        ),
        where=", ".join(dict.fromkeys(one.ecu for one in found.findings)),
        causes=tuple(
            CauseRow(
                str(place),
                cause.name,
                cause.likelihood_text,
                _LENGTHS[cause.likelihood],
                cause.reasons[0] if cause.reasons else "",
            )
            for place, cause in enumerate(view.causes[:5], 1)
        ),
        check=view.first_check,
        service=quote.service_code if quote else "",
        service_name=quote.service_name if quote else "",
        price=quote.text if quote else "",
        minutes=quote.minutes if quote else 0,
        freeze=tuple(
            ValueRow(translate(language, f"signals.{BY_PID[pid].key}"), _value(pid, value, reader, language))
            for pid, value in sorted(frame.items(), key=lambda item: _place(item[0]))
            if pid in BY_PID
        )[:6],
    )


def _place(pid: int) -> int:
    key = BY_PID[pid].key if pid in BY_PID else ""
    return _FROZEN.index(key) if key in _FROZEN else len(_FROZEN)


def _value(pid: int, value: float, reader: Reader, language: str) -> str:
    signal = BY_PID[pid]
    return f"{reader.number(round(value, signal.decimals))} {unit_of(signal, language)}".strip()
