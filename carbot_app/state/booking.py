"""The booking page: three steps, then the confirmation."""

from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.schemas import BookingConfirmation, BookingRequest
from carbot_app.kit.errors import AppError, Conflict, Invalid
from carbot_app.kit.ids import new_secret
from carbot_app.state.booking_car import CarState
from carbot_app.state.booking_hold import LOST, BookingTimes, HoldState
from carbot_app.state.booking_order import OrderState
from carbot_app.state.booking_photos import BookingPhotos
from carbot_app.state.booking_visit import MAX_SERVICES, VisitState
from carbot_app.state.steps import Step, public_workshop

VISIT, TIME, CONTACT, DONE = 1, 2, 3, 4
SERVICE_FIELD = "s-"
"""Checkboxes of services are named ``s-<code>``."""
SERVICES_QUERY = "services"
"""Parameter of the address with codes to begin with, as links in reminders have it."""
_FIELDS = ("name", "phone", "email", "note")
_FIELD_LIMIT = 2_500


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the customer keeps."""

    when: str = ""
    title: str = ""
    price: str = ""
    stay: str = ""
    link: str = ""
    """Address of the page on which the appointment can be moved or cancelled."""
    contract: str = ""
    """Number of the contract that was concluded; empty: a free request."""
    deposit: str = ""
    """What is to be paid in advance; empty: nothing."""
    deposit_until: str = ""
    deposit_path: str = ""


class BookingState(rx.State):
    """Where the customer is, how to reach them, and what was booked."""

    step: int = VISIT
    attempt: int = 0
    """Grows with every refused step; the page then focuses the first problem."""
    problem: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    note: str = ""
    errors: dict[str, str] = {}
    """Field → code of the problem."""
    busy: bool = False
    done: Confirmed = Confirmed()

    _slug: str = ""
    _request_key: str = ""
    _token: str = ""

    @rx.event
    async def open(self):
        """A page load: another workshop begins anew, the same one goes on where it was."""
        visit = await self.get_state(VisitState)
        slug = visit._workshop_slug()
        if self._slug not in ("", slug):
            await self._start_over()
        elif visit.codes or (await self.get_state(CarState)).plate or self.name:
            visit.form_key += 1
        self._slug = slug
        await self._preselect(visit)

    @rx.event
    async def read_language(self, language: str, served: str):
        """The page is being read in ``language`` while its HTML came in ``served``."""
        visit = await self.get_state(VisitState)
        if not visit._read_in(language, served):
            return None
        async with visit._step() as step:
            await visit._refresh(step)
            await (await self.get_state(BookingTimes))._relabel(step)
            await (await self.get_state(HoldState))._relabel(step)
            if self.step == CONTACT:
                await (await self.get_state(OrderState))._prepare(step)
            if self._token:
                booked = await step.call(get_services().booking.get_by_link, self._token, language=language)
                await self._show(booked, step)
        return step.outcome

    @rx.event
    async def adopt(self, plate: str, codes: list[str]):
        """Take over what was typed and ticked before the page came alive."""
        visit = await self.get_state(VisitState)
        await (await self.get_state(CarState))._read(plate, left=False)
        visit._pick(dict.fromkeys(codes, True))
        async with visit._step() as step:
            await visit._price(step)
        return step.outcome

    @rx.event
    async def to_times(self, form: dict[str, Any]):
        """From car and services to the times."""
        visit = await self.get_state(VisitState)
        ticked = [name.removeprefix(SERVICE_FIELD) for name in form if name.startswith(SERVICE_FIELD)]
        visit._pick(dict.fromkeys(ticked, True))
        if not await (await self.get_state(CarState))._take(form):
            return self._refuse("")
        if not visit.codes:
            return self._refuse("services_missing")
        async with visit._step() as step:
            await visit._price(step)
            await (await self.get_state(HoldState))._prepare(step, visit.codes)
            await (await self.get_state(BookingTimes))._open(step, visit.codes)
            self._go(TIME)
        return step.outcome

    @rx.event
    async def to_contact(self, form: dict[str, Any]):
        """From the times to the contact, with the time held."""
        times = await self.get_state(BookingTimes)
        if not times._choose(form.get("slot") or times.slot):
            return self._refuse("slot_missing")
        visit = await self.get_state(VisitState)
        async with visit._step() as step:
            if await (await self.get_state(HoldState))._take(step):
                await visit._price(step, times.slot)
                await (await self.get_state(OrderState))._prepare(step)
                self._request_key = self._request_key or new_secret()
                self._go(CONTACT)
        return step.outcome

    @rx.event
    async def hold_again(self):
        """The reservation has run out; when somebody else was faster, the next best times come."""
        visit, hold = await self.get_state(VisitState), await self.get_state(HoldState)
        async with visit._step() as step:
            hold._renewals = 0
            if not await hold._take(step):
                self._go(TIME)
        return step.outcome

    @rx.event
    async def go_to(self, step: int):
        """Back, or forward again in the browser's history; a booked visit stays booked."""
        if self.step == DONE or step not in (VISIT, TIME, CONTACT):
            return None
        visit, times = await self.get_state(VisitState), await self.get_state(BookingTimes)
        hold = await self.get_state(HoldState)
        if step > VISIT and times._codes != visit.codes:
            step = VISIT
        async with visit._step() as work:
            if step == VISIT:
                await hold._release(work)
            elif step == CONTACT and not (times.slot and await hold._take(work)):
                step = TIME
            if step == CONTACT:
                await (await self.get_state(OrderState))._prepare(work)
            self._go(step)
        return work.outcome

    @rx.event
    async def check(self, field: str, value: str):
        """Keep what was typed into a contact field, and say what is wrong with it."""
        if field in _FIELDS:
            setattr(self, field, value[:_FIELD_LIMIT])
            self.errors = {name: code for name, code in self.errors.items() if name != field}
            await self._check({field: value})

    @rx.event
    async def book(self, form: dict[str, Any]):
        """Ask for the appointment; pressing twice asks once."""
        if self.step != CONTACT:
            return
        for field in _FIELDS:
            setattr(self, field, str(form.get(field, ""))[:_FIELD_LIMIT])
        self.busy, self.problem, self.errors = True, "", {}
        yield
        visit = await self.get_state(VisitState)
        await self._check({field: getattr(self, field) for field in _FIELDS}, sent=True)
        order = await self.get_state(OrderState)
        early_start = bool(form.get("early_start"))
        order.unticked = order.binding and order.early_start and not early_start
        if order.binding and not self.email.strip():
            self.errors = {**self.errors, "email": "email_needed"}
        if self.errors or order.unticked:
            self.busy = False
            self._refuse("")
            return
        async with visit._step() as step:
            request = replace(await self._request(step), order=order._consent(early_start=early_start))
            booked = await step.call(get_services().booking.book, await step.actor(), request)
            await self._show(booked, step)
            await (await self.get_state(BookingPhotos))._claim(step, self._token)
            (await self.get_state(HoldState)).reset()
            order.reset()
            self._go(DONE)
        self.busy = False
        if step.error is not None and not await self._explain(step.error, visit):
            yield step.outcome

    @rx.event
    async def start_over(self):
        """Another visit."""
        await self._start_over()

    async def _preselect(self, visit: VisitState) -> None:
        """Tick the services of ``?services=SAF-HUA-001,…``; what cannot be booked online is left out."""
        wanted = self.router.url.query_parameters.get(SERVICES_QUERY, "").split(",")[:MAX_SERVICES]
        if self.step != VISIT or not any(wanted):
            return
        async with visit._step() as step:
            offers = await step.call(
                get_services().catalog.list_offers,
                await step.actor(),
                vehicle=visit._vehicle,
                language=visit._language,
            )
            bookable = {offer.service.code for offer in offers if offer.service.bookable}
            visit._pick({code: True for code in wanted if code in bookable})
            visit.form_key += 1
            await visit._price(step)

    def _go(self, step: int) -> None:
        self.step, self.problem = step, ""

    def _refuse(self, problem: str) -> None:
        self.problem, self.attempt = problem, self.attempt + 1

    async def _check(self, values: dict[str, str], *, sent: bool = False) -> None:
        """Note what is wrong with these fields; only what is ``sent`` has to be complete."""
        found: dict[str, str] = {}
        for field, text in values.items():
            code = await self._problem_of(field, text.strip())
            if code:
                found[field] = code
        if sent and not values["name"].strip():
            found["name"] = "missing"
        if sent and not (values["phone"].strip() or values["email"].strip()):
            found["phone"] = "contact_missing"
        self.errors = {**self.errors, **found}

    async def _problem_of(self, field: str, text: str) -> str:
        if not text or field not in ("phone", "email"):
            return ""
        visit = await self.get_state(VisitState)
        async with visit._step() as step:
            country = (await public_workshop(visit._workshop_slug())).country
            phone, email = (text, "") if field == "phone" else ("", text)
            get_services().customers.parse_contact("", phone, email, country)
        return step.error.code if step.error else ""

    async def _request(self, step: Step) -> BookingRequest:
        services, actor = get_services(), await step.actor()
        visit, times = await self.get_state(VisitState), await self.get_state(BookingTimes)
        workshop = await step.call(services.team.get_workshop, actor)
        contact = services.customers.parse_contact(self.name, self.phone, self.email, workshop.country)
        wish = (await self.get_state(HoldState))._wanted()
        return BookingRequest(
            slot_id=times.slot,
            service_codes=tuple(visit.codes),
            contact=contact,
            vehicle=visit._vehicle,
            source="page",
            language=visit._language,
            request_key=self._request_key,
            note=self.note.strip(),
            waiting=wish.waiting,
            loaner=wish.loaner,
            hold=wish.hold,
        )

    async def _explain(self, error: AppError, visit: VisitState) -> bool:
        """Show what to do about it where it is to be done; False when there is no such place."""
        if error.code in LOST and isinstance(error, Conflict | Invalid):
            async with visit._step() as step:
                await (await self.get_state(HoldState))._release(step)
                await (await self.get_state(BookingTimes))._reopen_without(step, error.code)
                self._go(TIME)
            return step.error is None
        if error.code in ("order_changed", "early_start_missing"):
            async with visit._step() as step:
                await visit._price(step, (await self.get_state(BookingTimes)).slot)
                order = await self.get_state(OrderState)
                await order._prepare(step)
                order.unticked = error.code == "early_start_missing"
            self._refuse(error.code)
            return step.error is None
        if error.field in _FIELDS:
            self.errors = {str(error.field): error.code}
            self._refuse("")
            return True
        return False

    async def _show(self, booked: BookingConfirmation, step: Step) -> None:
        self._token = booked.manage_token
        language = (await self.get_state(VisitState))._language
        attendance = await step.call(get_services().answers.get_by_link, self._token, language=language)
        due = attendance.deposit if attendance.deposit and attendance.deposit.state == "open" else None
        self.done = Confirmed(
            when=booked.when,
            title=booked.title,
            price=booked.price,
            stay=booked.stay,
            link=f"/t/{booked.manage_token}/",
            contract=booked.contract_number,
            deposit=due.amount if due else "",
            deposit_until=due.until if due else "",
            deposit_path=due.path if due else "",
        )

    async def _start_over(self) -> None:
        slug = self._slug
        visit = await self.get_state(VisitState)
        language, served, form_key = visit._language, visit._served, visit.form_key
        hold = await self.get_state(HoldState)
        async with visit._step() as step:
            await hold._release(step)
        kinds = (CarState, BookingTimes, HoldState, OrderState, BookingPhotos)
        for state in (self, visit, *[await self.get_state(kind) for kind in kinds]):
            state.reset()
        self._slug, visit.form_key = slug, form_key + 1
        visit._read_in(language, served)
        async with visit._step() as step:
            await visit._refresh(step)
