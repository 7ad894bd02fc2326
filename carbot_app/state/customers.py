"""The list of customers: searching, ordering, turning pages."""

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.customer_file.listing import SORTS
from carbot_app.state.customer_rows import CustomerLine, describe_row
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step

PAGE = 50


class CustomersState(rx.State):
    """One page of the list."""

    status: str = "loading"
    """loading, ready or failed."""
    lines: list[CustomerLine] = []
    total: int = 0
    offset: int = 0
    search: str = ""
    sort: str = SORTS[0]

    @rx.event
    async def load(self):
        """Show who was in touch last; ``?suche=`` of the address is searched for."""
        self.search = self.router.url.query_parameters.get("suche", "")[:80]
        self.offset, self.sort = 0, SORTS[0]
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def find(self, text: str):
        """Search by name, number, mail or plate."""
        async with staff_step(self) as step:
            self.search, self.offset = text[:80], 0
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def choose_sort(self, sort: str):
        """Another order, from its beginning."""
        async with staff_step(self) as step:
            self.sort, self.offset = sort if sort in SORTS else SORTS[0], 0
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def turn(self, pages: int):
        """Forward or back."""
        async with staff_step(self) as step:
            last = max(self.total - 1, 0) // PAGE * PAGE
            self.offset = min(max(self.offset + pages * PAGE, 0), last)
            await self._fetch(step)
        return step.outcome

    @rx.var
    def has_previous(self) -> bool:
        """Whether this is not the first page."""
        return self.offset > 0

    @rx.var
    def has_next(self) -> bool:
        """Whether there is another page."""
        return self.offset + PAGE < self.total

    @rx.var
    def last_shown(self) -> int:
        """Number of the last customer on this page."""
        return self.offset + len(self.lines)

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        page = await step.call(
            get_services().customer_files.list_customers,
            actor,
            search=self.search,
            sort=self.sort,
            offset=self.offset,
            limit=PAGE,
        )
        self.total = page.total
        self.lines = [describe_row(row, reader) for row in page.rows]
