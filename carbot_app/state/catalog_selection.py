"""Several services at once: offer them, stop offering them, move them to another category."""

from dataclasses import dataclass

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.state.catalog import CatalogState
from carbot_app.state.steps import staff_step


@dataclass(frozen=True, slots=True)
class Moving:
    """What the move dialog asks about; nothing when empty."""

    codes: tuple[str, ...] = ()
    name: str = ""
    """Of the service when it is one."""


class SelectionState(rx.State):
    """The ticked cards; the bar over the list acts on them."""

    selected: list[str] = []
    moving: Moving = Moving()

    @rx.event
    async def toggle(self, code: str):
        """Tick a card, or no longer."""
        async with staff_step(self) as step:
            await step.actor()
            others = [one for one in self.selected if one != code]
            self.selected = others if len(others) < len(self.selected) else [*others, code]
        return step.outcome

    @rx.event
    async def all(self):
        """Tick every card shown, or none when all are."""
        async with staff_step(self) as step:
            await step.actor()
            shown = (await self.get_state(CatalogState)).codes
            self.selected = [] if set(shown) <= set(self.selected) else list(shown)
        return step.outcome

    @rx.event
    async def clear(self):
        """Tick nothing."""
        async with staff_step(self) as step:
            await step.actor()
            self.selected = []
        return step.outcome

    @rx.event
    async def activate(self, active: bool):
        """Offer the ticked services, or no longer."""
        async with staff_step(self) as step:
            actor, editing = await step.actor(), get_services().catalog_editing
            change = await step.call(editing.set_active, actor, list(self.selected), active)
            word = "catalog.toast.offered" if active else "catalog.toast.not_offered"
            catalog = await self.get_state(CatalogState)
            catalog._say(step, step.text(word, count=len(self.selected)), change)
            self.selected = []
            await catalog._fetch(step)
        return step.outcome

    @rx.event
    async def ask_move(self, code: str):
        """Ask for the category: of one service, or without a code of the ticked ones."""
        async with staff_step(self) as step:
            await step.actor()
            cards = (await self.get_state(CatalogState)).cards
            name = next((card.name for card in cards if card.code == code), "")
            self.moving = Moving((code,) if code else tuple(self.selected), name)
        return step.outcome

    @rx.event
    async def cancel_move(self):
        """Leave them where they are."""
        async with staff_step(self) as step:
            await step.actor()
            self.moving = Moving()
        return step.outcome

    @rx.event
    async def move(self, form: dict[str, str]):
        """Put them in the chosen category, at its end."""
        async with staff_step(self) as step:
            catalog, shelf = await self.get_state(CatalogState), form.get("shelf", "")
            codes, self.moving = self.moving.codes, Moving()
            if len(codes) == 1:
                await catalog._put(step, codes[0], shelf, "")
            else:
                editing = get_services().catalog_editing
                change = await step.call(editing.move, await step.actor(), codes, shelf=shelf)
                catalog._say(step, step.text("catalog.toast.moved_many", count=len(codes)), change)
                await catalog._fetch(step)
            self.selected = []
        return step.outcome
