"""The tools of a suggestion: they read like those of an answer, and whatever would act ends it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn

from carbot_app.domains.booking.schemas import BookingConfirmation, BookingRequest, Slot, WishesPossible
from carbot_app.domains.calls.schemas import CallbackPromise, CallbackRequest, OfferedWindow
from carbot_app.domains.conversations.tool_ports import Calendar, Knowledge
from carbot_app.domains.conversations.understanding import MessageReader
from carbot_app.domains.conversations.visit_ports import KnownVisits, VisitDesk
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.knowledge.schemas import ArticleView, Terms
from carbot_app.kit.actor import Actor


class WouldAct(Exception):
    """The answer would book, move, cancel, send or promise something: that is for the person to do."""


@dataclass(frozen=True, slots=True)
class OnlyLooking:
    """A Calendar in which nothing is taken."""

    calendar: Calendar

    def suggest_slots(self, actor: Actor, codes: list[str], **wish: Any) -> list[Slot]:
        """See Calendar."""
        return self.calendar.suggest_slots(actor, codes, **wish)

    def is_closed(self, actor: Actor, on: date) -> bool:
        """See Calendar."""
        return self.calendar.is_closed(actor, on)

    def wishes_possible(self, actor: Actor, codes: list[str]) -> WishesPossible:
        """See Calendar."""
        return self.calendar.wishes_possible(actor, codes)

    def book(self, actor: Actor, request: BookingRequest) -> BookingConfirmation:
        """Never."""
        _refuse(actor, request)

    def move_by_link(
        self, token: str, slot_id: str, request_key: str, *, language: str
    ) -> BookingConfirmation:
        """Never."""
        _refuse(token, slot_id, request_key, language)

    def cancel_by_link(self, token: str, *, language: str) -> BookingConfirmation:
        """Never."""
        _refuse(token, language)


class NoCalls:
    """Calls nobody promises."""

    def window_for(self, actor: Actor, wished: datetime) -> OfferedWindow | None:
        """Never."""
        _refuse(actor, wished)

    def request(self, actor: Actor, request: CallbackRequest) -> CallbackPromise:
        """Never."""
        _refuse(actor, request)


@dataclass(frozen=True, slots=True)
class OnlyProven:
    """A VisitDesk that shows what is proven already and proves nothing."""

    visits: VisitDesk

    def look(self, actor: Actor, *, language: str) -> KnownVisits:
        """See VisitDesk."""
        return self.visits.look(actor, language=language)

    def send_code(self, actor: Actor, vehicle: VehicleFacts, phone: str, email: str) -> str:
        """Never."""
        _refuse(actor, vehicle, phone, email)

    def check_code(self, actor: Actor, code: str) -> str:
        """Never."""
        _refuse(actor, code)

    def open_link(self, actor: Actor, token: str) -> bool:
        """Never."""
        _refuse(actor, token)


@dataclass(frozen=True, slots=True)
class OnlyReading:
    """Knowledge without a discount, which only an answer that is really given may promise."""

    knowledge: Knowledge

    def find_answer(self, actor: Actor, question: str, *, language: str) -> ArticleView | None:
        """See Knowledge."""
        return self.knowledge.find_answer(actor, question, language=language)

    def note_gap(self, actor: Actor, question: str, *, language: str) -> None:
        """A person answers: nothing is missing."""
        _ = actor, question, language

    def get_terms(self, actor: Actor) -> Terms:
        """Neither discounts nor more work."""
        _ = actor
        return Terms(upsell=False)


def onlooker(*, knowledge: Knowledge, booking: Calendar, visits: VisitDesk, **reading: Any) -> MessageReader:
    """A reader that answers like the one over the same parts and changes nothing."""
    return MessageReader(
        knowledge=OnlyReading(knowledge),
        booking=OnlyLooking(booking),
        calls=NoCalls(),
        visits=OnlyProven(visits),
        **reading,
    )


def _refuse(*_: object) -> NoReturn:
    raise WouldAct
