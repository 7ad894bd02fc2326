"""What the rows of a price list would do to a catalogue (pure)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

from carbot_app.domains.catalog.column_values import Price, Unreadable
from carbot_app.domains.catalog.columns import (
    BY_KEY,
    CATEGORY,
    EXPORTED,
    PRICE_MAX,
    PRICE_MIN,
    SUBCATEGORY,
    Column,
    write_cell,
)
from carbot_app.domains.catalog.editing_schemas import ServiceDraft
from carbot_app.domains.catalog.fields import check_service, next_own_number, own_code
from carbot_app.domains.catalog.import_schemas import CellChange, RowProblem
from carbot_app.domains.catalog.pricing import FIXED, HOURLY, PACKAGE, PER_UNIT, RANGE
from carbot_app.domains.catalog.sheets import Sheet, cell_text
from carbot_app.domains.catalog.shelves import Shelves
from carbot_app.kit.errors import Invalid

_DEFAULT_MINUTES = 30
_STEP = 500
"""Rows between two reports of progress."""
_TOLD_OF_NEW = frozenset({"category", "subcategory", "price_min_cents", "price_max_cents", "minutes"})
"""Fields that the preview of a new service shows."""


@dataclass(slots=True)
class RowPlan:
    """A row on its way: what it says, and what follows from it."""

    line: int
    code: str
    old: Mapping[str, Any] | None
    """Fields of the service it is about; None: a new one."""
    given: dict[str, Any] = default(default_factory=dict)
    """Key of a column → value, only what the file states and the service does not have yet."""
    stated: dict[str, str] = default(default_factory=dict)
    """Key of a column → text of every cell that is not empty."""
    fields: dict[str, Any] = default(default_factory=dict)
    """The service as it would be."""
    problems: list[RowProblem] = default(default_factory=list)

    @property
    def news(self) -> dict[str, Any]:
        """Fields that would be different; all of a new service."""
        old = self.old
        if old is None:
            return self.fields
        return {name: value for name, value in self.fields.items() if old[name] != value}


class RowReader:
    """Rows of one sheet against the services and categories of one workshop.

    ``services``: code → fields of the table. ``mapping``: position → key of a column. ``defaults``: key of a
    column → text for new services where the file says nothing.

    Raises:
        Invalid: ``import_mapping`` for a position or column that does not exist or comes twice,
        ``import_mapping_identity`` when neither number nor name is mapped.
    """

    def __init__(
        self,
        sheet: Sheet,
        services: Mapping[str, Mapping[str, Any]],
        shelves: Shelves,
        mapping: Mapping[int, str],
        defaults: Mapping[str, str],
    ) -> None:
        _check_mapping(sheet, mapping, defaults)
        self._sheet, self._services, self._shelves = sheet, services, shelves
        self._columns = [(position, BY_KEY[key]) for position, key in sorted(mapping.items())]
        self._headers = {key: sheet.title(position) for position, key in mapping.items()}
        self._defaults = [(BY_KEY[key], text) for key, text in defaults.items() if text.strip()]
        self._read: dict[tuple[str, str], Any] = {}
        self._named = _by_name(services)
        self._made: dict[str, str] = {}
        """Name → code of new services without a number."""
        self._next_own = next_own_number(services)
        self._next_order = max((row["sort_order"] for row in services.values()), default=-1) + 1
        code_at = next((position for position, key in mapping.items() if key == "code"), None)
        self._code_at = code_at
        self._stated = {row[code_at].strip().upper() for row in sheet.rows} if code_at is not None else set()

    def plans(self, on_progress: Callable[[int, int], None] | None = None) -> list[RowPlan]:
        """One plan for each row, in the order of the sheet; ``on_progress(rows done, rows in all)``."""
        total = len(self._sheet.rows)
        plans: list[RowPlan] = []
        first_line: dict[str, int] = {}
        for number, (row, line) in enumerate(zip(self._sheet.rows, self._sheet.lines, strict=True), start=1):
            plan = self._plan(row, line)
            if plan.code in first_line:
                self._report(
                    plan, "code", "import_duplicate", {"code": plan.code, "row": first_line[plan.code]}
                )
            else:
                first_line[plan.code] = line
            plans.append(plan)
            if on_progress and (number % _STEP == 0 or number == total):
                on_progress(number, total)
        self._check(plans)
        return plans

    def changes(self, plan: RowPlan) -> tuple[CellChange, ...]:
        """Before and after of what a plan changes; of a new service what matters most, without a before."""
        fields = plan.news if plan.old is not None else _TOLD_OF_NEW
        found = []
        for column in EXPORTED:
            if column.field in fields:
                after = cell_text(write_cell(column, plan.fields, self._shelves))
                before = cell_text(write_cell(column, plan.old, self._shelves)) if plan.old else ""
                if before != after:
                    found.append(CellChange(column.key, column.title, before, after))
        return tuple(found)

    def _plan(self, row: Sequence[str], line: int) -> RowPlan:
        code = row[self._code_at].strip().upper() if self._code_at is not None else ""
        matched, ambiguous = ("", ()) if code else self._match(row)
        plan = RowPlan(line, code or matched, None)
        if ambiguous:
            self._report(plan, "names", "import_name_ambiguous", {"codes": ", ".join(sorted(ambiguous)[:3])})
        if not plan.code:
            plan.code = self._own_code()
            if name := self._first_name(row):
                self._made[name] = plan.code
        plan.old = self._services.get(plan.code)
        for position, column in self._columns:
            if column.key != "code" and not (matched in self._services and column.field == "names"):
                self._take(plan, column, row[position])
        if plan.old is None:
            for column, text in self._defaults:
                if column.key not in plan.stated:
                    self._take(plan, column, text)
        self._settle(plan)
        return plan

    def _match(self, row: Sequence[str]) -> tuple[str, Iterable[str]]:
        codes: set[str] = set()
        for position, column in self._columns:
            if column.field == "names" and (name := _same(row[position])):
                codes |= self._named.get(name, set())
        if len(codes) > 1:
            return "", codes
        return codes.pop() if codes else self._made.get(self._first_name(row), ""), ()

    def _first_name(self, row: Sequence[str]) -> str:
        names = (_same(row[position]) for position, column in self._columns if column.field == "names")
        return next(filter(None, names), "")

    def _own_code(self) -> str:
        while True:
            code = own_code(self._next_own)
            self._next_own += 1
            if code not in self._stated:
                return code

    def _take(self, plan: RowPlan, column: Column, text: str) -> None:
        """Read one cell into the plan, unless it says what the service already has."""
        empty = not text.strip(" \u00a0\r\n")
        if not empty:
            plan.stated[column.key] = text
        if plan.old is not None and text == cell_text(write_cell(column, plan.old, self._shelves)):
            return
        if empty:
            if column.empty is not None and plan.old is not None:
                plan.given[column.key] = _emptied(column)
            return
        if column.key in (CATEGORY, SUBCATEGORY):
            plan.given[column.key] = text  # read when both are known
            return
        known = self._read.get((column.key, text))
        if known is None:
            try:
                known = column.read(text)
            except Unreadable as unreadable:
                known = unreadable
            self._read[column.key, text] = known
        if isinstance(known, Unreadable):
            self._report(plan, column.field, known.code, known.params, column=column.key)
        else:
            plan.given[column.key] = known

    def _settle(self, plan: RowPlan) -> None:
        """Turn what is given into the fields of the service."""
        fields = plan.fields = dict(plan.old) if plan.old is not None else self._new_fields(plan)
        for key, value in plan.given.items():
            column = BY_KEY[key]
            if column.language:
                texts = {name: text for name, text in fields[column.field].items() if name != column.language}
                fields[column.field] = {**texts, column.language: value} if value else texts
            elif key not in (PRICE_MIN, PRICE_MAX, CATEGORY, SUBCATEGORY):
                fields[column.field] = list(value) if isinstance(value, list | tuple) else value
        self._settle_place(plan)
        _settle_price(plan)
        if plan.old is None:
            self._complete(plan)

    def _new_fields(self, plan: RowPlan) -> dict[str, Any]:
        order, self._next_order = self._next_order, self._next_order + 1
        return {
            **ServiceDraft(code=plan.code).fields(),
            "names": {},
            "descriptions": {},
            "dtc_families": [],
            "sort_order": order,
            "own_fields": [],
        }

    def _settle_place(self, plan: RowPlan) -> None:
        if plan.given.keys().isdisjoint((CATEGORY, SUBCATEGORY)):
            return
        fields, parents = plan.fields, self._shelves.parents
        text = ""
        try:
            if text := plan.stated.get(CATEGORY, ""):
                key = self._shelves.find(text)
                top = parents[key] or key
                if parents[key] or parents.get(fields["subcategory"]) != top:
                    fields["subcategory"] = key if parents[key] else ""
                fields["category"] = top
            if text := plan.stated.get(SUBCATEGORY, ""):
                key = self._shelves.find(text, parent=fields["category"] or None)
                top = parents[key]
                fields["category"], fields["subcategory"] = top or key, key if top else ""
            elif SUBCATEGORY in plan.given:
                fields["subcategory"] = ""
        except Unreadable as unreadable:
            field = CATEGORY if plan.stated.get(CATEGORY) == text else SUBCATEGORY
            self._report(plan, field, unreadable.code, unreadable.params)

    def _complete(self, plan: RowPlan) -> None:
        """What follows for a new service from what the file does not say."""
        fields, given = plan.fields, plan.given
        troubled = {problem.field for problem in plan.problems}
        if not fields["category"] and not troubled & {CATEGORY, SUBCATEGORY}:
            self._report(plan, CATEGORY, "import_category_missing")
        if "price_model" not in given and "price_model" not in troubled:
            fields["price_model"] = _model_of(plan)
        priced = PRICE_MIN in given or PRICE_MAX in given or "price_min_cents" in troubled
        if not priced and not fields["calculated"] and fields["price_model"] != PACKAGE:
            self._report(plan, "price_min_cents", "import_price_missing")
        if "minutes" not in given and "hours" not in given:
            fields["minutes"] = round(fields["labour_seconds"] / 60) or _DEFAULT_MINUTES

    def _check(self, plans: Sequence[RowPlan]) -> None:
        """The rules of the catalogue, for every row that would change something."""
        members = {code: row["members"] for code, row in self._services.items()}
        members |= {plan.code: plan.fields["members"] for plan in plans}
        for plan in plans:
            if not plan.news:
                continue
            troubled = {problem.field for problem in plan.problems}
            for problem in check_service(plan.fields, categories=self._shelves.parents, members=members):
                if problem.field not in troubled and not troubled & _SAME_PLACE.get(problem.field, set()):
                    self._report(plan, problem.field, problem.code, problem.params)
                    troubled.add(problem.field)

    def _report(
        self, plan: RowPlan, field: str, code: str, params: Mapping[str, Any] = {}, *, column: str = ""
    ) -> None:
        keys = [column] if column else [one.key for one in BY_KEY.values() if one.field == field]
        title = next((self._headers[key] for key in keys if key in self._headers), None)
        title = title or next((BY_KEY[key].title for key in keys), field)
        plan.problems.append(RowProblem(field, title, f"errors.{code}", params))


_SAME_PLACE: Mapping[str, set[str]] = {
    "category": {"subcategory"},
    "subcategory": {"category"},
    "fee_cents": {"price_min_cents"},
    "price_max_cents": {"price_min_cents"},
}
"""Field → others whose problem makes its own pointless."""


def _settle_price(plan: RowPlan) -> None:
    """Prices of a row; see ``CatalogImport`` for what one price means to a service that has two."""
    low, high = plan.given.get(PRICE_MIN), plan.given.get(PRICE_MAX)
    if low is None and high is None:
        return
    fields, old = plan.fields, plan.old
    before = (fields["price_min_cents"], fields["price_max_cents"])
    if isinstance(low, Price):
        fields["price_min_cents"] = low.low
        if low.high is not None:
            fields["price_max_cents"] = low.high
        elif PRICE_MAX not in plan.stated and low.low != before[0]:
            distance = max(0, before[1] - before[0]) if fields["price_model"] != FIXED else 0
            fields["price_max_cents"] = low.low + distance
    if high is not None:
        fields["price_max_cents"] = high
        if low is None and old is None:
            fields["price_min_cents"] = high
    after = (fields["price_min_cents"], fields["price_max_cents"])
    if old is not None and after != before:
        if "price_model" not in plan.stated and fields["price_model"] == FIXED and after[0] < after[1]:
            fields["price_model"] = RANGE
        if "calculated" not in plan.stated:
            fields["calculated"] = False


def _model_of(plan: RowPlan) -> str:
    fields, price = plan.fields, plan.given.get(PRICE_MIN)
    if fields["members"]:
        return PACKAGE
    if fields["unit"] != "job":
        return PER_UNIT
    if fields["price_min_cents"] < fields["price_max_cents"]:
        return RANGE
    return HOURLY if isinstance(price, Price) and price.open_ended else FIXED


def _emptied(column: Column) -> Any:
    """Empty text, empty list, or None for a number."""
    return column.empty if column.field not in ("interval_km", "interval_months") else None


def _same(name: str) -> str:
    return " ".join(name.casefold().split())


def _by_name(services: Mapping[str, Mapping[str, Any]]) -> dict[str, set[str]]:
    named: dict[str, set[str]] = defaultdict(set)
    for code, fields in services.items():
        for name in fields["names"].values():
            if name:
                named[_same(name)].add(code)
    return named


def _check_mapping(sheet: Sheet, mapping: Mapping[int, str], defaults: Mapping[str, str]) -> None:
    keys = list(mapping.values())
    fields = [(BY_KEY[key].field, BY_KEY[key].language) for key in keys if key in BY_KEY]
    known = all(key in BY_KEY for key in (*keys, *defaults))
    if not known or len(set(fields)) < len(keys) or not all(0 <= at < len(sheet.header) for at in mapping):
        raise Invalid("import_mapping")
    if "code" not in keys and not any(BY_KEY[key].field == "names" for key in keys):
        raise Invalid("import_mapping_identity")
