"""The catalogue as its people see it: shelves, the services on one of them, their order."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.catalog.editing_schemas import CategoryView, ServiceCard
from carbot_app.state.address import set_address
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.steps import Step, parse_id, staff_step

SHOWN = ("active", "all", "library")
LIVE_TOPICS = {"settings"}
LONGEST_SEARCH = 120


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category of the tree."""

    key: str
    parent: str
    name: str
    count: int
    own: bool = False
    current: bool = False
    holds_current: bool = False
    """It or one below it is open."""
    has_inner: bool = False
    open: bool = False
    hidden: bool = False
    """Its parent is folded."""


@dataclass(frozen=True, slots=True)
class Card:
    """A service in the list."""

    code: str
    name: str
    description: str
    model: str
    price: str
    minutes: int
    active: bool
    own: bool
    first: bool
    last: bool


class CatalogState(rx.State):
    """What the address asks for: ``?kategorie=BRK&zeige=all&suche=bremse``."""

    status: str = "loading"
    """loading, ready or failed."""
    category: str = ""
    search: str = ""
    show: str = "active"
    """active, all or library: what is offered, everything, what is not offered."""
    title: str = ""
    shelves: list[Shelf] = []
    cards: list[Card] = []
    codes: list[str] = []
    """Of the cards, in their order."""
    active: int = 0
    available: int = 0
    revision: int = 0
    """Rises when a drop failed and the list goes back."""
    folded: dict[str, bool] = {}
    """Shelves folded or unfolded by hand."""

    @rx.event
    async def load(self):
        """Show what the address asks for."""
        asked = self.router.url.query_parameters
        self.category, self.search = asked.get("kategorie", ""), asked.get("suche", "")[:LONGEST_SEARCH]
        self.show = asked.get("zeige", "active") if asked.get("zeige") in SHOWN else "active"
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step)

    @rx.event
    async def choose(self, key: str):
        """Open a category."""
        async with staff_step(self) as step:
            self.category, self.search = key, ""
            await self._fetch(step)
        return self._after(step) or set_address(kategorie=self.category, suche="")

    @rx.event
    async def find(self, text: str):
        """What customers would find with these words, in every category."""
        async with staff_step(self) as step:
            self.search = text[:LONGEST_SEARCH]
            await self._fetch(step)
        return self._after(step) or set_address(suche=self.search.strip())

    @rx.event
    async def filter(self, show: str):
        """Offered, everything, or only what the library still has."""
        async with staff_step(self) as step:
            self.show = show if show in SHOWN else "active"
            await self._fetch(step)
        return self._after(step) or set_address(zeige=self.show if self.show != "active" else "")

    @rx.event
    async def fold(self, key: str):
        """Show or hide what is inside a category."""
        async with staff_step(self) as step:
            is_open = any(shelf.open for shelf in self.shelves if shelf.key == key)
            self.folded = {**self.folded, key: is_open}
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after somebody changed the catalogue."""
        if not is_about(topic, subject, LIVE_TOPICS) or self.status == "loading":
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step)

    @rx.event
    async def drop(self, code: str, before: str, shelf: str):
        """A card was dropped in front of another one (none: at the end), or on a category."""
        async with staff_step(self) as step:
            await self._put(step, code, shelf, before)
        if step.error:
            self.revision += 1
        return step.outcome

    @rx.event
    async def nudge(self, code: str, steps: int):
        """One place up or down, without dragging."""
        async with staff_step(self) as step:
            order = [one for one in self.codes if one != code]
            place = (self.codes.index(code) if code in self.codes else 0) + steps
            if 0 <= place < len(self.codes):
                await self._put(step, code, "", order[place] if place < len(order) else "")
        return step.outcome

    @rx.event
    async def switch(self, code: str, active: bool):
        """Offer a service, or no longer."""
        async with staff_step(self) as step:
            change = await step.call(
                get_services().catalog_editing.set_active, await step.actor(), [code], active
            )
            word = "catalog.toast.offered" if active else "catalog.toast.not_offered"
            self._say(step, step.text(word, count=1), change)
        await self._refresh(step)
        return step.outcome

    @rx.event
    async def undo(self, change_id: str):
        """Take a change back."""
        async with staff_step(self) as step:
            editing = get_services().catalog_editing
            await step.call(editing.undo, await step.actor(), parse_id(change_id))
            step.outcome = toast("ok", step.text("catalog.toast.undone"))
        await self._refresh(step)
        return step.outcome

    async def _put(self, step: Step, code: str, shelf: str, before: str) -> None:
        name = next((card.name for card in self.cards if card.code == code), code)
        change = await step.call(
            get_services().catalog_editing.move,
            await step.actor(),
            [code],
            shelf=shelf,
            before=before or None,
        )
        await self._fetch(step)
        place = next((one.name for one in self.shelves if one.key == shelf), "")
        word = "catalog.toast.moved_to" if shelf else "catalog.toast.moved"
        self._say(step, step.text(word, name=name, shelf=place), change)

    async def _refresh(self, step: Step) -> None:
        """Fetch after a write; what the write had to say stays."""
        async with staff_step(self) as after:
            await self._fetch(after)
        step.outcome = step.outcome or after.outcome

    def _say(self, step: Step, text: str, change: UUID | None) -> None:
        if change is not None:
            step.outcome = toast("ok", text, action=(step.text("ui.actions.undo"), str(change)))

    async def _fetch(self, step: Step) -> None:
        editing = get_services().catalog_editing
        overview = await step.call(editing.overview, await step.actor(), search=self.search)
        keys = {row.key for row in overview.categories}
        if self.category not in keys:
            self.category = next((row.key for row in overview.categories if not row.parent), "")
        self.shelves = _shelves(overview.categories, self.category, self.show, self.folded)
        self.cards = _cards(overview.services, "" if self.search.strip() else self.category, self.show)
        self.codes = [card.code for card in self.cards]
        self.title = next((row.name for row in overview.categories if row.key == self.category), "")
        self.active, self.available = overview.active, overview.available

    def _after(self, step: Step):
        self.status = "failed" if step.error else "ready"
        return step.outcome


def _shelves(rows: tuple[CategoryView, ...], current: str, show: str, folded: dict[str, bool]) -> list[Shelf]:
    inner: dict[str, list[CategoryView]] = {}
    for row in rows:
        inner.setdefault(row.parent, []).append(row)
    found = []
    for top in inner.get("", []):
        below = inner.get(top.key, [])
        holds = current in {top.key, *(row.key for row in below)}
        is_open = bool(below) and not folded.get(top.key, not holds)
        found.append(
            Shelf(
                top.key, "", top.name, _count(top, show), top.own, top.key == current, holds, bool(below),
                is_open,
            )
        )  # fmt: skip
        found += [
            Shelf(
                row.key, top.key, row.name, _count(row, show), row.own, row.key == current, hidden=not is_open
            )
            for row in below
        ]
    return found


def _count(row: CategoryView, show: str) -> int:
    return {"active": row.active, "all": row.total, "library": row.total - row.active}[show]


def _cards(services: tuple[ServiceCard, ...], category: str, show: str) -> list[Card]:
    shown = [
        card
        for card in services
        if (not category or category in (card.category, card.subcategory))
        and (show == "all" or card.active == (show == "active"))
    ]
    last = len(shown) - 1
    return [
        Card(
            card.code, card.name, card.description, card.price_model, card.price, card.minutes, card.active,
            card.own, place == 0, place == last,
        )
        for place, card in enumerate(shown)
    ]  # fmt: skip
