"""The part of the tools that is about visits booked elsewhere: proof, state, cancelling, loaner, wheels."""

from datetime import datetime
from uuid import UUID

from carbot_app.domains.booking.labels import slot_label
from carbot_app.domains.booking.schemas import BookingConfirmation
from carbot_app.domains.conversations.dialogue import BookedVisit, DialogueState
from carbot_app.domains.conversations.facts import Fact, FactSheet
from carbot_app.domains.conversations.tool_ports import Calendar, Catalogue, Knowledge
from carbot_app.domains.conversations.visit_ports import KnownVisits, VisitDesk
from carbot_app.domains.team.schemas import WorkshopView
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import AppError
from carbot_app.kit.i18n import translate


class VisitTools:
    """Blocking; call from a thread. Every time that may be stated becomes a fact."""

    workshop: WorkshopView
    now: datetime
    state: DialogueState
    sheet: FactSheet
    _actor: Actor
    _calendar: Calendar
    _visits: VisitDesk
    _code_result: str = ""
    _catalogue: Catalogue
    _knowledge: Knowledge

    def known_visits(self) -> KnownVisits:
        """What this conversation may see of visits and stored wheels."""
        return self._visits.look(self._actor, language=self.state.language)

    def tell(self, visit: BookingConfirmation) -> str:
        """Note a visit as fact; returns until when it is planned, in words."""
        zone = self.now.tzinfo
        moments = (visit.starts_at.astimezone(zone), visit.ends_at.astimezone(zone))
        label = translate(self.workshop.language, "assistant.fact.visit", when=visit.when)
        self.sheet.add(Fact("visit", label, moments=moments))
        return slot_label(visit.ends_at, zone, self.state.language)  # pyright: ignore[reportArgumentType]

    def send_code(self) -> str:
        """Send a code to whoever has the plate, number or address of this conversation."""
        state = self.state
        return self._visits.send_code(self._actor, state.vehicle, state.phone, state.email)

    def check_code(self, code: str) -> str:
        """See VisitDesk.check_code; asked twice in a turn it is one try."""
        self._code_result = self._code_result or self._visits.check_code(self._actor, code)
        return self._code_result

    def open_link(self, token: str) -> bool:
        """See VisitDesk.open_link."""
        return self._visits.open_link(self._actor, token)

    def adopt(self, visit: BookingConfirmation) -> None:
        """Go on with this visit as if it had been booked here: choosing a time moves it."""
        zone, state = self.now.tzinfo, self.state
        state.booked = BookedVisit(
            slot_id="",
            manage_token=visit.manage_token,
            title=visit.title,
            when=visit.when,
            price=visit.price,
            address=visit.address,
            starts_at=visit.starts_at.astimezone(zone).isoformat(),
            ends_at=visit.ends_at.astimezone(zone).isoformat(),
        )
        state.service_codes = list(visit.service_codes)
        state.offered, state.chosen = [], None

    def cancel(self, visit: BookingConfirmation) -> bool:
        """Cancel like the link does; False when it is too late."""
        try:
            self._calendar.cancel_by_link(visit.manage_token, language=self.state.language)
        except AppError:
            return False
        if self.state.booked and self.state.booked.manage_token == visit.manage_token:
            self.state.booked, self.state.offered, self.state.chosen = None, [], None
        return True

    def first_of(self, group: str) -> str:
        """The workshop's first service of a group, ``TYR-CHG``; empty: none."""
        return next(iter(self._catalogue.match_codes(self._actor, (group,))), "")

    def goes_with(self, code: str) -> tuple[str, ...]:
        """Services the owner put beside this one in the catalogue, and that can be booked online."""
        offered = {
            service.code: service
            for service in self._catalogue.list_services(
                self._actor, language=self.state.language, only_bookable=True
            )
        }
        beside = offered[code].upsells if code in offered else ()
        return tuple(other for other in beside if other in offered)

    def may_upsell(self) -> bool:
        """Whether the owner lets the assistant suggest more work."""
        return self._knowledge.get_terms(self._actor).upsell

    def has_loaner(self, codes: list[str]) -> bool:
        """Whether the workshop lends a car for this work."""
        try:
            return self._calendar.wishes_possible(self._actor, codes).loaner
        except AppError:
            return False


def find_visit(known: KnownVisits, visit_id: str) -> BookingConfirmation | None:
    """The visit of this id among those that may be seen."""
    try:
        wanted = UUID(visit_id)
    except ValueError:
        return None
    return next((visit for visit in known.visits if visit.appointment_id == wanted), None)
