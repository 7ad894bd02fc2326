"""What the tools of the assistant need of other domains."""

from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from carbot_app.domains.booking.schemas import BookingConfirmation, BookingRequest, Slot, WishesPossible
from carbot_app.domains.calls.schemas import CallbackPromise, CallbackRequest, OfferedWindow
from carbot_app.domains.catalog.schemas import Quote, ServiceView
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.knowledge.schemas import ArticleView, Terms
from carbot_app.kit.actor import Actor


class Catalogue(Protocol):
    """What the tools need of CatalogService."""

    def list_services(
        self, actor: Actor, *, language: str, only_bookable: bool = ...
    ) -> list[ServiceView]: ...
    def search(self, actor: Actor, text: str, *, language: str, limit: int = ...) -> list[ServiceView]: ...
    def match_codes(self, actor: Actor, sub_codes: tuple[str, ...]) -> list[str]: ...
    def quote(self, actor: Actor, code: str, *, vehicle: VehicleFacts, language: str) -> Quote: ...
    def total(self, actor: Actor, codes: list[str], *, vehicle: VehicleFacts, language: str) -> Quote: ...


class Calendar(Protocol):
    """What the tools need of BookingService."""

    def suggest_slots(
        self,
        actor: Actor,
        codes: list[str],
        *,
        after: datetime | None = ...,
        until: datetime | None = ...,
        part_of_day: str | None = ...,
        limit: int = ...,
        loaner: bool = ...,
        language: str,
    ) -> list[Slot]: ...
    def is_closed(self, actor: Actor, on: date) -> bool: ...
    def book(self, actor: Actor, request: BookingRequest) -> BookingConfirmation: ...
    def move_by_link(
        self, token: str, slot_id: str, request_key: str, *, language: str
    ) -> BookingConfirmation: ...
    def cancel_by_link(self, token: str, *, language: str) -> BookingConfirmation: ...
    def wishes_possible(self, actor: Actor, codes: list[str]) -> WishesPossible: ...


class AskedDeposit(Protocol):
    """Money in advance for a visit, see messaging.schemas.DepositView."""

    @property
    def state(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def amount_cents(self) -> int: ...
    @property
    def amount(self) -> str: ...


class Deposits(Protocol):
    """What the tools need of DepositService."""

    def find_for(self, appointment_id: UUID, *, language: str) -> AskedDeposit | None: ...


class Calls(Protocol):
    """What the tools need of CallbackService."""

    def window_for(self, actor: Actor, wished: datetime) -> OfferedWindow | None: ...
    def request(self, actor: Actor, request: CallbackRequest) -> CallbackPromise: ...


class Knowledge(Protocol):
    """What the tools need of KnowledgeService."""

    def find_answer(self, actor: Actor, question: str, *, language: str) -> ArticleView | None: ...
    def note_gap(self, actor: Actor, question: str, *, language: str) -> None: ...
    def get_terms(self, actor: Actor) -> Terms: ...
