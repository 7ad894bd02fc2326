"""Surcharges and discounts: the list in words, and the form of one."""

from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.catalog.catalogue import in_language
from carbot_app.domains.catalog.editing_schemas import RuleDraft
from carbot_app.kit.errors import Invalid, NotFound
from carbot_app.kit.languages import LANGUAGES
from carbot_app.kit.money import format_cents
from carbot_app.state.rule_words import read_day, rule_sentence, show_day
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.typed import MINUS, read_hundredths, read_whole, show_amount

PERCENT, AMOUNT = "percent", "amount"
SURCHARGE, DISCOUNT = "surcharge", "discount"
TEXTS = (*(f"name-{code}" for code in LANGUAGES), "value", "min_age", "max_age", "season_from", "season_to")
GROUPS = ("categories", "classes", "fuels", "weekdays")
_SINGLE = {"direction": (SURCHARGE, DISCOUNT), "measure": (PERCENT, AMOUNT)}
_AMOUNT_CODE, _CONDITION_CODE = "catalog_rule_amount", "catalog_rule_condition"


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as a row."""

    id: str
    name: str
    said: str
    figure: str
    """``+ 10 %`` or ``− 5,00 €``."""
    rises: bool
    active: bool


@dataclass(frozen=True, slots=True)
class RuleForm:
    """What of the form is chosen, not typed."""

    id: str = ""
    direction: str = SURCHARGE
    measure: str = PERCENT
    categories: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    fuels: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    fleet: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Removed:
    """The rule that has just gone, to bring it back."""

    change: str = ""
    name: str = ""


class RulesState(rx.State):
    """The second section of the pane "Preisgrundlagen"."""

    status: str = "loading"
    """loading, ready or failed."""
    rules: list[RuleLine] = []
    editing: bool = False
    form: RuleForm = RuleForm()
    texts: dict[str, str] = {}
    """What is typed, by the names of TEXTS."""
    said: str = ""
    """The rule of the form in one sentence."""
    categories: list[tuple[str, str]] = []
    problems: dict[str, str] = {}
    removed: Removed = Removed()
    busy: bool = False
    layout: int = 0

    _currency: str = "EUR"
    _names: dict[str, str] = {}
    """Key → name of every category."""

    @rx.event
    async def load(self):
        """All rules."""
        self.status, self.editing, self.removed = "loading", False, Removed()
        yield
        async with staff_step(self) as step:
            actor, services = await step.actor(), get_services()
            self._currency = (await step.call(services.team.get_workshop, actor)).currency
            found = await step.call(services.catalog_editing.overview, actor)
            self.categories = [(shelf.key, shelf.name) for shelf in found.categories if not shelf.parent]
            self._names = {shelf.key: shelf.name for shelf in found.categories}
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        yield step.outcome

    @rx.event
    async def edit(self, rule_id: str):
        """Open the form of a rule; an empty id makes a new one."""
        async with staff_step(self) as step:
            actor = await step.actor()
            rule = RuleDraft()
            if rule_id:
                rule = await self._find(step, rule_id)
            self._fill(rule, actor.language)
            self.said = self._sentence(rule, actor.language)
            self.editing, self.problems, self.removed = True, {}, Removed()
            self.layout += 1
        return step.outcome

    @rx.event
    async def back(self):
        """Back to the list, nothing stored."""
        async with staff_step(self) as step:
            await step.actor()
            self.editing = False
        return step.outcome

    @rx.event
    async def typed(self, name: str, text: str):
        """Say in words what the form means while it is being typed."""
        async with staff_step(self) as step:
            actor = await step.actor()
            if name in TEXTS:
                self.texts = {**self.texts, name: text[:80]}
            self._say(actor.language)
        return step.outcome

    @rx.event
    async def choose(self, name: str, value: str):
        """Take a choice of the form, or take it away again where several may hold."""
        async with staff_step(self) as step:
            actor = await step.actor()
            if name in GROUPS:
                chosen = getattr(self.form, name)
                more = tuple(one for one in chosen if one != value)
                self.form = replace(self.form, **{name: more if value in chosen else (*chosen, value)})
            elif name in ("fleet", "active"):
                self.form = replace(self.form, **{name: not getattr(self.form, name)})
            elif value in _SINGLE.get(name, ()):
                self.form = replace(self.form, **{name: value})
            self._say(actor.language)
        return step.outcome

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store the rule of the form."""
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            self.texts = {name: str(form.get(name, self.texts.get(name, "")))[:80] for name in TEXTS}
            await step.call(get_services().catalog_editing.save_rule, actor, self._read())
            await self._fetch(step)
            self.editing = False
        if isinstance(step.error, Invalid):
            text = step.text(step.error.message_key, **step.error.params)
            self.problems = {(step.error.field or "form"): text}
            step.outcome = None
        self.busy = False
        yield step.outcome

    @rx.event
    async def set_active(self, rule_id: str, on: bool):
        """Switch a rule on or off, at once."""
        async with staff_step(self) as step:
            actor = await step.actor()
            rule = replace(await self._find(step, rule_id), active=on)
            await step.call(get_services().catalog_editing.save_rule, actor, rule)
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def remove(self, rule_id: str):
        """Remove a rule; the list says how to bring it back."""
        async with staff_step(self) as step:
            actor = await step.actor()
            name = next((line.name for line in self.rules if line.id == rule_id), "")
            editing = get_services().catalog_editing
            change = await step.call(editing.remove_rule, actor, parse_id(rule_id))
            await self._fetch(step)
            self.editing, self.removed = False, Removed(str(change) if change else "", name)
        return step.outcome

    @rx.event
    async def bring_back(self):
        """Undo the last removal."""
        async with staff_step(self) as step:
            change = parse_id(self.removed.change)
            await step.call(get_services().catalog_editing.undo, await step.actor(), change)
            self.removed = Removed()
            await self._fetch(step)
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor = await step.actor()
        found = await step.call(get_services().catalog_editing.list_rules, actor)
        self.rules = [self._line(rule, actor.language) for rule in found]

    async def _find(self, step: Step, rule_id: str) -> RuleDraft:
        wanted = parse_id(rule_id)
        found = await step.call(get_services().catalog_editing.list_rules, await step.actor())
        for rule in found:
            if rule.id == wanted:
                return rule
        raise NotFound

    def _sentence(self, rule: RuleDraft, language: str) -> str:
        return rule_sentence(rule, language, self._names, currency=self._currency)

    def _say(self, language: str) -> None:
        try:
            self.said = self._sentence(self._read(), language)
        except Invalid:
            self.said = ""

    def _line(self, rule: RuleDraft, language: str) -> RuleLine:
        rises = rule.percent > 0 or rule.amount_cents > 0
        size = (
            f"{abs(rule.percent)}\u00a0%"
            if rule.percent
            else format_cents(abs(rule.amount_cents), self._currency, language)
        )
        return RuleLine(
            id=str(rule.id),
            name=in_language(rule.names, language),
            said=self._sentence(rule, language),
            figure=f"{'+' if rises else MINUS}\u00a0{size}",
            rises=rises,
            active=rule.active,
        )

    def _fill(self, rule: RuleDraft, language: str) -> None:
        falls = rule.percent < 0 or rule.amount_cents < 0
        by_amount = bool(rule.amount_cents)
        value = show_amount(abs(rule.amount_cents), language) if by_amount else str(abs(rule.percent) or "")
        first, last = rule.season or ("", "")
        self.form = RuleForm(
            id=str(rule.id or ""),
            direction=DISCOUNT if falls else SURCHARGE,
            measure=AMOUNT if by_amount else PERCENT,
            categories=rule.categories,
            classes=rule.classes,
            fuels=rule.fuels,
            weekdays=tuple(map(str, rule.weekdays)),
            fleet=rule.fleet,
            active=rule.active,
        )
        self.texts = {
            **{f"name-{code}": rule.names.get(code, "") for code in LANGUAGES},
            "value": value,
            "min_age": "" if rule.min_age is None else str(rule.min_age),
            "max_age": "" if rule.max_age is None else str(rule.max_age),
            "season_from": show_day(first),
            "season_to": show_day(last),
        }

    def _read(self) -> RuleDraft:
        form, texts = self.form, {name: self.texts.get(name, "").strip() for name in TEXTS}
        sign = -1 if form.direction == DISCOUNT else 1
        by_amount = form.measure == AMOUNT
        if by_amount:
            size = read_hundredths(texts["value"], field="percent", code=_AMOUNT_CODE)
        else:
            size = read_whole(texts["value"], field="percent", code=_AMOUNT_CODE) or 0
        days = texts["season_from"], texts["season_to"]
        return RuleDraft(
            id=parse_id(form.id) if form.id else None,
            names={code: texts[f"name-{code}"] for code in LANGUAGES if texts[f"name-{code}"]},
            percent=0 if by_amount else sign * abs(size),
            amount_cents=sign * abs(size) if by_amount else 0,
            categories=form.categories,
            classes=form.classes,
            min_age=read_whole(texts["min_age"], field="min_age", code=_CONDITION_CODE),
            max_age=read_whole(texts["max_age"], field="min_age", code=_CONDITION_CODE),
            fuels=form.fuels,
            weekdays=tuple(sorted(int(day) for day in form.weekdays if day.isdigit())),
            season=(read_day(days[0]), read_day(days[1])) if any(days) else None,
            fleet=form.fleet,
            active=form.active,
        )
