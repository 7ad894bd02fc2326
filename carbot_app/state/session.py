"""Who is signed in, in this browser tab; every staff state asks here for its actor."""

import asyncio
import time
from collections.abc import Collection
from dataclasses import dataclass
from http.cookies import SimpleCookie
from zoneinfo import ZoneInfo

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.conversations.schemas import InboxCounts
from carbot_app.domains.team.roles import PERMISSIONS
from carbot_app.domains.team.schemas import LocationView, WorkshopView
from carbot_app.kit.actor import Actor
from carbot_app.kit.colour import accent_style
from carbot_app.kit.errors import Unauthenticated
from carbot_app.state.hints import is_about
from carbot_app.state.wording import Reader, initials, tint

SESSION_COOKIE = "carbot_session"
SIGN_IN_PAGE = "/anmelden/"
RECHECK_SECONDS = 15
"""How long a revoked session may still act in an open tab."""

_TOPICS = {"threads": {"conversation", "lead"}, "orders": {"orders"}, "invoices": {"invoices", "payment"}}
"""What moves each part of the frame's figures."""
_PARTS = frozenset(_TOPICS)


@dataclass(frozen=True, slots=True)
class LocationLine:
    """A workshop of the person in the frame's menu."""

    id: str
    name: str
    """With the city where the name does not say it."""
    role: str
    current: bool
    invited: bool


class SessionState(rx.State):
    """Identity, workshop and shell figures of a staff browser."""

    signed_in: bool = False
    person_name: str = ""
    person_initials: str = ""
    person_tint: int = 0
    role: str = ""
    language: str = "de"
    permissions: list[str] = []
    workshop_name: str = ""
    workshop_city: str = ""
    workshop_slug: str = ""
    locations: list[LocationLine] = []
    """All workshops of the person, the present one among them."""
    compares_locations: bool = False
    """May read figures in several of them."""
    accent: dict[str, str] = {}
    """Custom properties of the workshop's accent colour."""
    unread: int = 0
    open_orders: int = 0
    overdue_invoices: int = 0
    assistant_on: bool = True
    solved_today: int = 0
    answered_today: int = 0
    leads_today: int = 0
    first_answer: str = ""
    """Median of today with its unit, ``2,4 Sek.``; empty before the first answer."""

    _actor: Actor | None = None
    _checked_at: float = 0.0
    _zone: str = "Europe/Berlin"

    @rx.event
    async def load(self):
        """Fill the shell, or go to the sign-in page."""
        services = get_services()
        try:
            actor = await self._require_actor(fresh=True)
        except Unauthenticated:
            self.signed_in = False
            return rx.redirect(f"{SIGN_IN_PAGE}?weiter={self.router.url.path}")
        workshop, locations = await asyncio.gather(
            asyncio.to_thread(services.team.get_workshop, actor),
            asyncio.to_thread(services.locations.list_locations, actor),
        )
        self._show(actor, workshop)
        self.locations = [location_line(location) for location in locations]
        readable = [one for one in locations if not one.invited and "analytics.read" in PERMISSIONS[one.role]]
        self.compares_locations = len(readable) > 1 and actor.can("analytics.read")
        await self._refresh_counts(actor)
        return None

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Refresh the shell's figures after a hint; leave when the session has ended."""
        if topic == "signed_out":
            return rx.redirect(SIGN_IN_PAGE)
        moved = {part for part, topics in _TOPICS.items() if is_about(topic, subject, topics)}
        if moved:
            try:
                await self._refresh_counts(await self._require_actor(), moved)
            except Unauthenticated:
                return rx.redirect(SIGN_IN_PAGE)
        return None

    async def _require_actor(self, *, fresh: bool = False) -> Actor:
        if fresh or self._actor is None or time.monotonic() - self._checked_at > RECHECK_SECONDS:
            found = await asyncio.to_thread(get_services().identity.resolve_session, self._token())
            self._actor = found[0] if found else None
            self._checked_at = time.monotonic()
        if self._actor is None:
            raise Unauthenticated
        return self._actor

    async def _refresh_counts(self, actor: Actor, parts: Collection[str] = _PARTS) -> None:
        services = get_services()
        if "threads" in parts and actor.can("inbox.read"):
            counts: InboxCounts = await asyncio.to_thread(services.inbox.count, actor)
            self.unread = counts.unread
        if "orders" in parts and actor.can("orders.read"):
            self.open_orders = await asyncio.to_thread(services.orders.count_open, actor)
        if "invoices" in parts and actor.can("invoices.read"):
            self.overdue_invoices = await asyncio.to_thread(services.invoice_list.count_overdue, actor)
        if "threads" in parts and actor.can("bookings.read"):
            today = await asyncio.to_thread(services.analytics.answers_today, actor)
            self.solved_today, self.answered_today = today.solved_by_assistant, today.answered
            self.leads_today = today.new_leads
            reader = Reader(self.language, ZoneInfo(self._zone), services.clock())
            waited = today.first_answer_seconds
            self.first_answer = "" if waited is None else " ".join(reader.wait(waited))

    def _show(self, actor: Actor, workshop: WorkshopView) -> None:
        self.signed_in = True
        self.person_name, self.role, self.language = actor.name, actor.role, actor.language
        self.person_initials, self.person_tint = initials(actor.name), tint(actor.name)
        self.permissions = sorted(actor.permissions)
        self.workshop_name = workshop.short_name or workshop.name
        self.workshop_city, self.workshop_slug = workshop.city, workshop.slug
        self.accent = accent_style(workshop.accent_hue, workshop.accent_chroma)
        self.assistant_on = workshop.assistant_on
        self._zone = workshop.timezone

    def _token(self) -> str:
        cookie = SimpleCookie(self.router.headers.cookie).get(SESSION_COOKIE)
        return cookie.value if cookie else ""


def location_line(location: LocationView) -> LocationLine:
    """A location as a row."""
    said = location.city.casefold() in location.short_name.casefold()
    return LocationLine(
        id=str(location.workshop_id),
        name=location.short_name if said else f"{location.short_name} {location.city}",
        role=location.role,
        current=location.current,
        invited=location.invited,
    )


async def reader_for(state: rx.State) -> Reader:
    """How the person of this browser reads times and numbers, as of now."""
    session = await state.get_state(SessionState)
    return Reader(session.language, ZoneInfo(session._zone), get_services().clock())
