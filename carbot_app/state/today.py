"""The Heute page: three figures, who waits for an answer, and what comes next today."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.analytics.schemas import Today
from carbot_app.domains.booking.states import FREE_STATES
from carbot_app.domains.conversations.schemas import InboxRow
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import NotFound
from carbot_app.state.calendar import VisitLine, describe_visit
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step
from carbot_app.state.thread_side import NO_VISIT, VisitCard, describe_side
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, heat, plate_text

SHOWN_LEADS = 5
SHOWN_VISITS = 6
LIVE_TOPICS = {"conversation", "lead", "appointment"}
_GREETINGS = ((11, "morning"), (18, "day"), (24, "evening"))


@dataclass(frozen=True, slots=True)
class TodayFigures:
    """The three tiles."""

    appointments: str = ""
    arrived: int = 0
    utilisation: int = 0
    planned: str = ""
    planned_unit: str = ""


@dataclass(frozen=True, slots=True)
class WaitingLead:
    """A thread somebody should answer, hottest first."""

    id: str = ""
    name: str = ""
    plate: PlateText = NO_PLATE
    vehicle: str = ""
    heat: str = "cool"
    score: int = 0
    ago: str = ""
    channel: str = ""
    quote: str = ""
    alarm: bool = False
    value: str = ""
    phone_href: str = ""
    visit: VisitCard = NO_VISIT


class TodayState(rx.State):
    """What the owner sees first."""

    status: str = "loading"
    """loading, ready or failed."""
    date: str = ""
    part_of_day: str = "day"
    """morning, day or evening, for the greeting."""
    first_name: str = ""
    figures: TodayFigures = TodayFigures()
    sees_inbox: bool = False
    can_confirm: bool = False
    hottest: WaitingLead = WaitingLead()
    others: list[WaitingLead] = []
    waiting: int = 0
    visits: list[VisitLine] = []
    later_visits: int = 0
    busy: bool = False

    @rx.event
    async def load(self):
        """Fetch everything the page shows."""
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step)

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after a hint."""
        if not is_about(topic, subject, LIVE_TOPICS) or self.status == "loading":
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step)

    @rx.event
    async def confirm(self):
        """Confirm the appointment the hottest lead asked for."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            when = self.hottest.visit.when
            booking = get_services().booking
            await step.call(booking.change_state, await step.actor(), _id(self.hottest.visit.id), "confirmed")
            await self._fetch(step)
            step.outcome = toast("ok", step.text("inbox.toast.confirmed", when=when))
        self.busy = False
        yield step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        services = get_services()
        self.date, self.part_of_day = reader.full_date(reader.today()), _part_of_day(reader)
        self.first_name = actor.name.split(" ")[0]
        self.sees_inbox, self.can_confirm = actor.can("inbox.read"), actor.can("bookings.manage")
        self.figures = _figures(await step.call(services.analytics.today, actor), reader)
        await self._fetch_visits(step, actor, reader)
        if self.sees_inbox:
            await self._fetch_leads(step, actor, reader)

    async def _fetch_visits(self, step: Step, actor: Actor, reader: Reader) -> None:
        start = datetime.combine(reader.today(), time.min, reader.zone)
        found = await step.call(
            get_services().booking.list_appointments, actor, from_=start, to=start + timedelta(days=1)
        )
        ahead = [
            visit
            for visit in found
            if visit.state not in {*FREE_STATES, "done"}
            and (visit.ends_at > reader.now or visit.state == "in_work")
        ]
        self.visits = [describe_visit(visit, reader) for visit in ahead[:SHOWN_VISITS]]
        self.later_visits = max(len(ahead) - SHOWN_VISITS, 0)

    async def _fetch_leads(self, step: Step, actor: Actor, reader: Reader) -> None:
        inbox = get_services().inbox
        page = await step.call(inbox.list_inbox, actor, view="open")
        open_rows = sorted((row for row in page.rows if _needs_somebody(row)), key=_heat_order)
        self.waiting = len(open_rows)
        self.others = [_lead(row, reader) for row in open_rows[1:SHOWN_LEADS]]
        self.hottest = await self._detailed(step, actor, open_rows[0], reader) if open_rows else WaitingLead()

    @staticmethod
    async def _detailed(step: Step, actor: Actor, row: InboxRow, reader: Reader) -> WaitingLead:
        services = get_services()
        thread = await step.call(services.inbox.get_thread, actor, row.conversation_id)
        appointment = None
        if thread.appointment_id is not None and actor.can("bookings.read"):
            appointment = await step.call(services.booking.get_appointment, actor, thread.appointment_id)
        side = describe_side(thread, appointment, reader)
        last = next((m.text for m in reversed(thread.messages) if m.author == "customer"), row.preview)
        return _lead(row, reader, quote=last, visit=side.visit, phone_href=side.phone_href)

    def _after(self, step: Step):
        self.status = "failed" if step.error else "ready"
        return step.outcome


def _lead(
    row: InboxRow,
    reader: Reader,
    *,
    quote: str = "",
    visit: VisitCard | None = None,
    phone_href: str = "",
) -> WaitingLead:
    visit = visit or NO_VISIT
    return WaitingLead(
        id=str(row.conversation_id),
        name=row.customer_name,
        plate=plate_text(row.plate, row.plate_country),
        vehicle=row.vehicle_label,
        heat=heat(row.temperature),
        score=row.score,
        ago=reader.ago(row.last_message_at),
        channel=row.channel,
        quote=(quote or row.preview).replace("**", ""),
        alarm=row.urgency == "emergency" or row.handover_reason in {"emergency", "complaint"},
        value=visit.price,
        phone_href=phone_href,
        visit=visit,
    )


def _needs_somebody(row: InboxRow) -> bool:
    """A person is asked for, or a promising lead is neither won nor booked and confirmed yet."""
    asked = row.mode == "human" and row.last_author != "staff"
    return asked or row.unread or (row.lead_state == "open" and row.temperature != "cold")


def _heat_order(row: InboxRow) -> tuple[bool, int, float]:
    alarm = row.urgency == "emergency" or row.handover_reason in {"emergency", "complaint"}
    return not alarm, -row.score, -row.last_message_at.timestamp()


def _figures(today: Today, reader: Reader) -> TodayFigures:
    return TodayFigures(
        appointments=reader.number(today.appointments),
        arrived=today.arrived,
        utilisation=today.utilisation_percent,
        planned=reader.number(round(today.planned_cents / 100)),
        planned_unit={"EUR": "€"}.get(today.currency, today.currency),
    )


def _part_of_day(reader: Reader) -> str:
    hour = reader.now.astimezone(reader.zone).hour
    return next(part for end, part in _GREETINGS if hour < end)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("appointment_unknown") from None
