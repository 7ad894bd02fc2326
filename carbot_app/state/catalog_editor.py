"""One service in the side pane: its fields, what it will cost customers, saving."""

from dataclasses import dataclass, replace

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.catalog.catalogue import in_language
from carbot_app.domains.catalog.editing_schemas import DraftPreview, ServiceDraft
from carbot_app.kit.errors import Invalid
from carbot_app.kit.languages import LANGUAGES
from carbot_app.kit.money import format_cents
from carbot_app.state.address import set_address
from carbot_app.state.catalog import CatalogState
from carbot_app.state.catalog_form import CHECKS, FIELD_OF, fill_form, place_of, read_form
from carbot_app.state.catalog_links import LinksState
from carbot_app.state.feedback import toast
from carbot_app.state.steps import Step, staff_step

NEW = "new"
_FOCUS_ERROR = rx.call_script(
    "setTimeout(() => document.querySelector('[data-editor] [aria-invalid=true]')?.focus(), 60)"
)
_PLACES = {"names": "name", "descriptions": "text", "category": "shelf", "subcategory": "shelf"}


@dataclass(frozen=True, slots=True)
class ClassLine:
    """What one class of cars pays."""

    vehicle_class: str
    before: str
    after: str
    difference: str
    """``+ 14 €``; empty when it stays."""
    dearer: bool


@dataclass(frozen=True, slots=True)
class PriceView:
    """The live preview; without prices while a field is wrong."""

    classes: tuple[ClassLine, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    net: str = ""
    tax: str = ""
    gross: str = ""
    tax_percent: str = ""
    changed: int = 0


class EditorState(rx.State):
    """The opened service of the address (``?leistung=SAF-BRK-001``)."""

    opened: str = ""
    """Its code, ``new``, or empty."""
    title: str = ""
    form: dict[str, str] = {}
    version: int = 0
    """Rises when the fields shall show the form again."""
    spoken: str = "de"
    """Language of the name that is shown."""
    errors: dict[str, str] = {}
    preview: PriceView = PriceView()
    rates: list[tuple[str, str]] = []
    currency: str = "€"
    dirty: bool = False
    busy: bool = False
    leaving: str = ""
    """Where somebody wants to go with unsaved changes: ``close``, ``open:<code>`` or an address."""

    _stored: ServiceDraft = ServiceDraft()
    _draft: ServiceDraft = ServiceDraft()
    _units: int = 10

    @rx.event
    async def load(self):
        """Open what the address names."""
        code = self.router.url.query_parameters.get("leistung", "")
        self._close()
        async with staff_step(self) as step:
            if code:
                await self._open(step, code)
        return step.outcome

    @rx.event
    async def open(self, code: str):
        """Show a service, ``new`` for one that is not there yet; asks first when something is not saved."""
        async with staff_step(self) as step:
            if self.dirty and code != self.opened:
                self.leaving = f"open:{code}"
                return step.outcome
            await self._open(step, code)
        return step.outcome or set_address(leistung=self.opened)

    @rx.event
    async def leave(self, to: str):
        """Close the pane or follow a link; asks first when something is not saved."""
        async with staff_step(self) as step:
            await step.actor()
            if self.dirty:
                self.leaving = to
                return None
            self._close()
        return step.outcome or (rx.redirect(to) if _is_ours(to) else set_address(leistung=""))

    @rx.event
    async def leave_now(self):
        """Go without saving."""
        async with staff_step(self) as step:
            await step.actor()
            to, self.dirty = self.leaving, False
            self._close()
            if to.startswith("open:"):
                await self._open(step, to.removeprefix("open:"))
            elif _is_ours(to):
                step.outcome = rx.redirect(to)
        return step.outcome or set_address(leistung=self.opened)

    @rx.event
    async def stay(self):
        """Go on editing."""
        async with staff_step(self) as step:
            await step.actor()
            self.leaving = ""
        return step.outcome

    @rx.event
    async def speak(self, language: str):
        """Show name and description in another language."""
        async with staff_step(self) as step:
            await step.actor()
            self.spoken = language if language in LANGUAGES else "de"
        return step.outcome

    @rx.event
    async def edit(self, form: dict[str, str]):
        """Fields after a short pause: what is wrong, and what the price would be."""
        if not self.opened:
            return None
        async with staff_step(self) as step:
            await self._take(step, form)
        return step.outcome

    @rx.event
    async def recheck(self):
        """After a chip came or went."""
        async with staff_step(self) as step:
            await self._take(step, self.form)
        return step.outcome

    @rx.event
    async def discard(self):
        """Back to what is stored."""
        async with staff_step(self) as step:
            await self._open(step, self.opened)
        return step.outcome

    @rx.event
    async def save(self, form: dict[str, str]):
        """Store the fields; what is wrong gets the focus."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            await self._take(step, form)
            if not self.errors:
                await self._save(step)
        self.busy = False
        if isinstance(step.error, Invalid) and step.error.field:
            self.errors = {_place(step.error.field, self.spoken): step.text(
                step.error.message_key, **step.error.params
            )}  # fmt: skip
        yield _FOCUS_ERROR if self.errors else step.outcome

    async def _open(self, step: Step, code: str) -> None:
        actor, editing = await step.actor(), get_services().catalog_editing
        catalog = await self.get_state(CatalogState)
        terms = await step.call(editing.get_terms, actor)
        workshop = await step.call(get_services().team.get_workshop, actor)
        if code == NEW:
            actor.require("catalog.manage")
            parents = {row.key: row.parent for row in catalog.shelves}
            draft = replace(ServiceDraft(), **place_of(catalog.category, parents))
        else:
            draft = await step.call(editing.get_draft, actor, code)
        self._units, self.currency = terms.units_per_hour, _sign(workshop.currency)
        self.rates = [
            (name, f"{step.text(f'catalog.rates.{name}')} · {self._rate(cents, step.language)}")
            for name, cents in terms.rates.items()
        ]
        self._stored = self._draft = draft
        self.opened, self.leaving = code, ""
        self.spoken = step.language if step.language in LANGUAGES else "de"
        self.title = in_language(draft.names, self.spoken)
        self.form = fill_form(draft, self._units, step.language)
        self.version += 1
        await (await self.get_state(LinksState))._show(step, draft)
        await self._check(step, {})
        if code == NEW:
            self.errors = {}

    async def _take(self, step: Step, form: dict[str, str]) -> None:
        """The draft from the fields and the chips; raises nothing for a field that is wrong."""
        catalog, links = await self.get_state(CatalogState), await self.get_state(LinksState)
        self.form = {**self.form, **dict.fromkeys(CHECKS, ""), **form}
        draft, wrong = read_form(
            self._stored,
            self.form,
            fill_form(self._stored, self._units, step.language),
            units_per_hour=self._units,
            parents={row.key: row.parent for row in catalog.shelves},
        )
        self._draft = replace(draft, upsells=links._codes("upsells"), members=links._codes("members"))
        await self._check(step, {name: step.text(key) for name, key in wrong.items()})

    async def _check(self, step: Step, wrong: dict[str, str]) -> None:
        editing = get_services().catalog_editing
        found = await step.call(editing.preview, await step.actor(), self._draft)
        problems = {
            _place(one.field, self.spoken): step.text(f"errors.{one.code}", **one.params)
            for one in reversed(found.problems)
        }
        self.errors = problems | wrong
        self.dirty = bool(wrong) or self._draft != self._stored
        if not found.problems:
            self.preview = _preview(found, self.currency, step.language)

    async def _save(self, step: Step) -> None:
        editing, actor = get_services().catalog_editing, await step.actor()
        catalog = await self.get_state(CatalogState)
        is_new = self.opened == NEW
        if not is_new:
            # The switch on the card may have been used meanwhile
            stored = await step.call(editing.get_draft, actor, self.opened)
            self._draft = replace(self._draft, active=stored.active)
        saved = await step.call(editing.save, actor, self._draft)
        await catalog._fetch(step)
        self.dirty = False
        await self._open(step, saved.code)
        catalog._say(step, step.text("catalog.toast.saved", name=self.title), saved.change_id)
        if saved.change_id is None:
            step.outcome = toast("info", step.text("catalog.toast.nothing"))
        elif is_new:
            step.outcome = [step.outcome, set_address(leistung=saved.code)]

    def _rate(self, cents: int, language: str) -> str:
        per_unit = format_cents(round(cents / self._units), language=language)
        return f"{per_unit}/AW".replace("€", self.currency)

    def _close(self) -> None:
        self.opened, self.title, self.form, self.errors, self.leaving = "", "", {}, {}, ""
        self.preview, self.dirty = PriceView(), False


def _place(field: str, language: str) -> str:
    """Name in the form of a field of the table."""
    if field in ("names", "descriptions"):
        return f"{_PLACES[field]}_{language}"
    return _PLACES.get(field) or ("labour" if field == "labour_seconds" else FIELD_OF.get(field, field))


def _is_ours(address: str) -> bool:
    """A page of this site; a browser could send anything."""
    return address.startswith("/") and not address.startswith(("//", "/\\"))


def _sign(currency: str) -> str:
    return "€" if currency == "EUR" else currency


def _preview(found: DraftPreview, currency: str, language: str) -> PriceView:
    return PriceView(
        classes=tuple(
            ClassLine(
                row.vehicle_class,
                row.before if row.before != row.after else "",
                row.after,
                _difference(row.difference_cents, currency, language),
                row.difference_cents > 0,
            )
            for row in found.classes
        ),
        lines=tuple((line.label, line.amount) for line in found.lines),
        net=found.net,
        tax=found.tax,
        gross=found.gross,
        tax_percent=found.tax_percent,
        changed=found.changed_prices,
    )


def _difference(cents: int, currency: str, language: str) -> str:
    if not cents:
        return ""
    amount = format_cents(abs(cents), language=language).replace("€", currency)
    if cents % 100 == 0:
        amount = amount.replace(",00", "").replace(".00", "")
    return f"{'+' if cents > 0 else '−'}\u00a0{amount}"
