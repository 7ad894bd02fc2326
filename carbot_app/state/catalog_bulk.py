"""Many prices at once: what an edit would change, and doing it."""

from dataclasses import dataclass

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.catalog.bulk import AMOUNT, LABOUR, PERCENT
from carbot_app.domains.catalog.editing_schemas import BulkEdit, BulkPreview, BulkRow
from carbot_app.domains.team.schemas import WorkshopView
from carbot_app.kit.errors import Conflict, Invalid
from carbot_app.state.feedback import toast
from carbot_app.state.steps import Step, staff_step
from carbot_app.state.typed import read_hundredths, show_difference

FIRST_ROWS = 50
KINDS = (LABOUR, PERCENT, AMOUNT)
EVERYTHING, CATEGORY, SELECTION = "all", "category", "selection"
_ROUNDINGS = {"100": 100, "10": 10, "1": 1}


@dataclass(frozen=True, slots=True)
class BulkWish:
    """What the form holds."""

    kind: str = LABOUR
    value: str = ""
    scope: str = EVERYTHING
    category: str = ""
    rounding: str = "100"
    rates: bool = True
    inactive: bool = False
    """Also services that are not offered."""


@dataclass(frozen=True, slots=True)
class BulkLine:
    """A price as a row."""

    code: str
    name: str
    before: str
    after: str
    difference: str
    rises: bool


@dataclass(frozen=True, slots=True)
class BulkOutlook:
    """What the edit would do."""

    lines: tuple[BulkLine, ...] = ()
    changed: int = 0
    unchanged: int = 0
    hidden: int = 0
    """Rows that are not shown yet."""
    problem: str = ""
    asked: bool = False
    """Something was previewed; else the form is still empty."""


class BulkState(rx.State):
    """The pane "Preise anpassen"; nothing is stored before ``apply``."""

    open: bool = False
    status: str = "loading"
    """loading, ready or failed."""
    wish: BulkWish = BulkWish()
    selected: int = 0
    """Services the page handed over."""
    categories: list[tuple[str, str]] = []
    outlook: BulkOutlook = BulkOutlook()
    every: bool = False
    busy: bool = False
    layout: int = 0
    """Counts up when the inputs must be drawn afresh."""

    _codes: tuple[str, ...] = ()
    _token: str = ""
    _place: tuple[str, str] = ("EUR", "DE")

    @rx.event
    async def start(self, codes: list[str], category: str):
        """Open the pane for a selection, for a category, or with neither for the whole catalogue."""
        self.open, self.status, self.every = True, "loading", False
        self.outlook, self._token, self.layout = BulkOutlook(), "", self.layout + 1
        self._codes, self.selected = tuple(codes), len(codes)
        scope = SELECTION if codes else CATEGORY if category else EVERYTHING
        self.wish = BulkWish(scope=scope, category=category)
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            workshop: WorkshopView = await step.call(get_services().team.get_workshop, actor)
            self._place = workshop.currency, workshop.country
            found = await step.call(get_services().catalog_editing.overview, actor)
            self.categories = [
                (shelf.key, f"\u2003{shelf.name}" if shelf.parent else shelf.name)
                for shelf in found.categories
            ]
        self.status = "failed" if step.error else "ready"
        yield step.outcome

    @rx.event
    async def close(self):
        """Leave everything as it is."""
        async with staff_step(self) as step:
            await step.actor()
            self.open = False
        return step.outcome

    @rx.event
    async def choose(self, name: str, value: str):
        """Set one field of the form and look again."""
        async with staff_step(self) as step:
            actor = await step.actor()
            self.wish = _with(self.wish, name, value)
            if self.wish.scope == CATEGORY and not self.wish.category and self.categories:
                self.wish = _with(self.wish, "category", self.categories[0][0])
            self.every = False
            await self._look(step, actor.language)
        return step.outcome

    @rx.event
    async def show_all(self):
        """The rows below the first ones too."""
        async with staff_step(self) as step:
            actor = await step.actor()
            self.every = True
            await self._look(step, actor.language)
        return step.outcome

    @rx.event
    async def apply(self):
        """Store what was previewed."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            editing = get_services().catalog_editing
            edit, count = self._edit(), self.outlook.changed
            change = await step.call(editing.apply_bulk, actor, edit, self._token)
            self.open = False
            undo = (step.text("ui.actions.undo"), str(change)) if change else None
            step.outcome = toast("ok", step.text("pricing.bulk.done", count=count), action=undo)
        if isinstance(step.error, Conflict):
            async with staff_step(self) as again:
                await self._look(again, again.language)
        self.busy = False
        yield step.outcome

    async def _look(self, step: Step, language: str) -> None:
        self._token, self.outlook = "", BulkOutlook()
        try:
            edit = self._edit()
        except Invalid as error:
            self.outlook = BulkOutlook(problem=step.text(error.message_key, **error.params), asked=True)
            return
        if not edit.value:
            return
        actor = await step.actor()
        found = await step.call(get_services().catalog_editing.preview_bulk, actor, edit)
        self._token = found.token
        self.outlook = _outlook(found, self.every, language, self._place, step)

    def _edit(self) -> BulkEdit:
        wish = self.wish
        # Without a selection or category the edit would mean the whole catalogue
        if (wish.scope == SELECTION and not self._codes) or (wish.scope == CATEGORY and not wish.category):
            raise Invalid("catalog_bulk_value", field="scope")
        return BulkEdit(
            kind=wish.kind,
            value=read_hundredths(wish.value, field="value", code="catalog_bulk_value"),
            codes=self._codes if wish.scope == SELECTION else (),
            category=wish.category if wish.scope == CATEGORY else "",
            only_active=not wish.inactive,
            round_to_cents=_ROUNDINGS[wish.rounding],
            raise_rates=wish.rates and wish.kind == LABOUR and wish.scope == EVERYTHING,
        )


def _with(wish: BulkWish, name: str, value: str) -> BulkWish:
    """The form with one field set to what the browser sent; what makes no sense is left alone."""
    allowed = {
        "kind": KINDS,
        "scope": (EVERYTHING, CATEGORY, SELECTION),
        "rounding": tuple(_ROUNDINGS),
        "rates": ("true", "false"),
        "inactive": ("true", "false"),
    }
    if name not in BulkWish.__dataclass_fields__ or value not in allowed.get(name, (value,)):
        return wish
    kept = {field: getattr(wish, field) for field in BulkWish.__dataclass_fields__}
    return BulkWish(**{**kept, name: value == "true" if name in ("rates", "inactive") else value[:60]})


def _outlook(
    found: BulkPreview, every: bool, language: str, place: tuple[str, str], step: Step
) -> BulkOutlook:
    shown = found.rows if every else found.rows[:FIRST_ROWS]
    problem = next(iter(found.problems), None)
    return BulkOutlook(
        lines=tuple(_line(row, language, place) for row in shown),
        changed=len(found.rows),
        unchanged=found.unchanged,
        hidden=len(found.rows) - len(shown),
        problem=step.text(f"errors.{problem.code}", **problem.params) if problem else "",
        asked=True,
    )


def _line(row: BulkRow, language: str, place: tuple[str, str]) -> BulkLine:
    currency, country = place
    return BulkLine(
        code=row.code,
        name=row.name,
        before=row.before,
        after=row.after,
        difference=show_difference(row.difference_cents, currency, language, country),
        rises=row.difference_cents > 0,
    )
