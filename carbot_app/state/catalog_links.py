"""Other services named by the opened one: offered in addition, and those in a package."""

from dataclasses import dataclass

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.catalog.editing_schemas import ServiceDraft
from carbot_app.state.steps import Step, staff_step

KINDS = ("upsells", "members")
HITS = 6


@dataclass(frozen=True, slots=True)
class LinkChip:
    """Another service by its name."""

    code: str
    name: str
    price: str = ""


class LinksState(rx.State):
    """The chips of the side pane and the search that adds one."""

    upsells: list[LinkChip] = []
    members: list[LinkChip] = []
    searching: str = ""
    """upsells or members while its search is open."""
    hits: list[LinkChip] = []

    @rx.event
    async def search(self, kind: str, own: str, text: str):
        """Services to choose from, without ``own``."""
        async with staff_step(self) as step:
            self.searching = kind if kind in KINDS else ""
            overview = await step.call(
                get_services().catalog_editing.overview, await step.actor(), search=text[:80]
            )
            taken = {chip.code for chip in (self.members if kind == "members" else self.upsells)}
            taken.add(own)
            found = [card for card in overview.services if card.code not in taken] if text.strip() else []
            self.hits = [LinkChip(card.code, card.name, card.price) for card in found[:HITS]]
        return step.outcome

    @rx.event
    async def add(self, kind: str, code: str):
        """Take a service found into the list."""
        async with staff_step(self) as step:
            await step.actor()
            chosen = [chip for chip in self.hits if chip.code == code]
            if kind == "members":
                self.members = [*self.members, *chosen]
            else:
                self.upsells = [*self.upsells, *chosen]
            self.searching, self.hits = "", []
        return step.outcome

    @rx.event
    async def remove(self, kind: str, code: str):
        """Take a service out of the list."""
        async with staff_step(self) as step:
            await step.actor()
            if kind == "members":
                self.members = [chip for chip in self.members if chip.code != code]
            else:
                self.upsells = [chip for chip in self.upsells if chip.code != code]
        return step.outcome

    @rx.event
    async def shift(self, code: str, steps: int):
        """One place up or down in the package."""
        async with staff_step(self) as step:
            await step.actor()
            place = next((at for at, chip in enumerate(self.members) if chip.code == code), -1)
            if place >= 0 and 0 <= place + steps < len(self.members):
                order = list(self.members)
                order.insert(place + steps, order.pop(place))
                self.members = order
            return step.outcome

    @rx.event
    async def open_search(self, kind: str):
        """Show the search field of a list; again closes it."""
        async with staff_step(self) as step:
            await step.actor()
            self.searching, self.hits = "" if kind == self.searching or kind not in KINDS else kind, []
        return step.outcome

    async def _show(self, step: Step, draft: ServiceDraft) -> None:
        overview = await step.call(get_services().catalog_editing.overview, await step.actor())
        known = {card.code: LinkChip(card.code, card.name, card.price) for card in overview.services}
        self.upsells = [known.get(code, LinkChip(code, code)) for code in draft.upsells]
        self.members = [known.get(code, LinkChip(code, code)) for code in draft.members]
        self.searching, self.hits = "", []

    def _codes(self, kind: str) -> tuple[str, ...]:
        return tuple(chip.code for chip in (self.members if kind == "members" else self.upsells))
