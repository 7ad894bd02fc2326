"""Import of a catalogue in steps: file, columns, preview, result."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.catalog.columns import COLUMNS
from carbot_app.domains.catalog.import_schemas import (
    ERROR,
    NEW,
    CellChange,
    ImportDraft,
    ImportPreview,
    ImportRow,
)
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import AppError
from carbot_app.kit.i18n import translate
from carbot_app.state.import_previews import find_preview, make_preview, read_file
from carbot_app.state.steps import Step, parse_id, staff_step

FILE, MAPPING, PREVIEW, DONE = 1, 2, 3, 4
FIRST_ROWS = 50
SAMPLES = 3
_FILTERS = ("all", "new", "changed", "unchanged", ERROR)
_SURE = 0.95
_POLL_SECONDS = 0.25
_MAX_CHANGES = 6
"""Shown of one row."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The file that was read."""

    id: str = ""
    name: str = ""
    rows: int = 0
    skipped: int = 0
    """Lines left out, such as headings and footers."""


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the file and what it is taken for."""

    position: int
    title: str
    sample: str
    column: str = ""
    """Key of ours; empty: left out."""
    guess: str = ""
    """sure or likely where we guessed; empty where a person chose."""


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row of the preview."""

    line: int
    code: str
    name: str
    status: str
    changes: tuple[str, ...] = ()
    """``Preis von: 159,00 → 169,00``."""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewFacts:
    """Counts of the preview."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: int = 0
    total: int = 0
    wanted: int = 0
    """Rows that the filter lets through; not all need be shown."""
    taken: int = 0
    """Services that would be stored."""


class ImportState(rx.State):
    """The dialog "Leistungen importieren"; the file lies on the shelf, the preview outside the state."""

    open: bool = False
    step: int = FILE
    file: FileFacts = FileFacts()
    columns: list[ColumnLine] = []
    category: str = ""
    """For new services where the file says nothing."""
    categories: list[str] = []
    facts: PreviewFacts = PreviewFacts()
    rows: list[RowLine] = []
    shown: str = "all"
    progress: int = 0
    """Percent of the rows looked at."""
    busy: bool = False
    problem: str = ""
    taken: int = 0
    """Services stored by the last import."""
    change: str = ""
    """Value for the undo; empty when nothing was stored or it is undone."""

    _mark: str = ""

    @rx.event
    async def start(self):
        """Open the dialog at its first step."""
        async with staff_step(self) as step:
            actor = await step.actor()
            actor.require("catalog.manage")
            found = await step.call(get_services().catalog_editing.overview, actor)
            self.categories = [shelf.name for shelf in found.categories if not shelf.parent]
            self._reset()
            self.open = True
        return step.outcome

    @rx.event
    async def close(self):
        """Leave the catalogue as it is."""
        async with staff_step(self) as step:
            await step.actor()
            self._reset()
            self.open = False
        return step.outcome

    @rx.event
    async def refuse(self, text: str):
        """Show why the browser or the server did not take the file."""
        async with staff_step(self) as step:
            await step.actor()
            self.problem = text[:300]
        return step.outcome

    @rx.event
    async def read(self, file_id: str):
        """Read an uploaded file and guess its columns."""
        self.busy, self.problem = True, ""
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            draft = await step.call(read_file, actor, parse_id(file_id))
            self.file = FileFacts(file_id, draft.filename, len(draft.sheet.rows), len(draft.sheet.skipped))
            self.columns = _columns(draft)
            self.step = MAPPING
        self._tell(step)
        self.busy = False
        yield step.outcome

    @rx.event
    async def assign(self, position: int, column: str):
        """Take a column of the file for one of ours; another one that was taken for it is left out."""
        async with staff_step(self) as step:
            await step.actor()
            if column and column not in {known.key for known in COLUMNS}:
                return None
            self.problem = ""
            self.columns = [
                ColumnLine(line.position, line.title, line.sample, column)
                if line.position == position
                else ColumnLine(line.position, line.title, line.sample)
                if column and line.column == column
                else line
                for line in self.columns
            ]
        return step.outcome

    @rx.event
    async def set_category(self, name: str):
        """Where new services go when the file says nothing."""
        async with staff_step(self) as step:
            await step.actor()
            self.category = name if name in self.categories else ""
        return step.outcome

    @rx.event
    async def back(self):
        """One step back."""
        async with staff_step(self) as step:
            await step.actor()
            self.step, self.problem = max(FILE, self.step - 1), ""
        return step.outcome

    @rx.event(background=True)
    async def look(self):
        """Work out what the file would do, telling how far it is."""
        async with self:
            self.busy, self.progress, self.problem = True, 0, ""
            async with staff_step(self) as step:
                actor = await step.actor()
            file_id, mapping, defaults = self.file.id, self._mapping(), self._defaults()
        if step.error is None:
            async with step:
                await self._work(step, actor, parse_id(file_id), mapping, defaults)
        async with self:
            self._tell(step)
            self.busy = False
        return step.outcome

    @rx.event
    async def show(self, status: str, every: bool):
        """Rows of one kind; ``every``: not only the first ones."""
        async with staff_step(self) as step:
            actor = await step.actor()
            self.shown = status if status in _FILTERS else "all"
            self._list(await self._preview(step, actor), actor.language, every)
        self._tell(step)
        return step.outcome

    @rx.event
    async def apply(self):
        """Store all of what was previewed."""
        self.busy, self.problem = True, ""
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            preview = await self._preview(step, actor)
            change = await step.call(get_services().catalog_import.apply, actor, preview)
            self.change = str(change) if change else ""
            self.taken, self.step = (self.facts.taken if change else 0), DONE
        self._tell(step)
        self.busy = False
        yield step.outcome

    @rx.event
    async def undo(self):
        """Take the import back as a whole."""
        async with staff_step(self) as step:
            change = parse_id(self.change)
            await step.call(get_services().catalog_editing.undo, await step.actor(), change)
            self.change, self.taken = "", -1
        self._tell(step)
        return step.outcome

    @rx.event
    async def download_errors(self):
        """The file with a column that says what is wrong, to correct and choose again."""
        async with staff_step(self) as step:
            actor = await step.actor()
            services = get_services()
            preview = await self._preview(step, actor)
            content = await step.call(services.catalog_import.error_file, actor, preview)
            name = (
                f"{self.file.name.rpartition('.')[0] or 'leistungen'}-{step.text('import.errors_name')}.xlsx"
            )
            kept = await step.call(services.files.put, actor.workshop_id, name, content)
            step.outcome = rx.download(url=f"/api/catalog/files/{kept}", filename=name)
        return step.outcome

    async def _work(
        self, step: Step, actor: Actor, file_id: UUID, mapping: dict[int, str], defaults: dict[str, str]
    ) -> None:
        done = [0]

        def report(rows: int, of: int) -> None:
            done[0] = rows * 100 // max(of, 1)

        job = asyncio.ensure_future(step.call(make_preview, actor, file_id, mapping, defaults, report))
        while not (await asyncio.wait([job], timeout=_POLL_SECONDS))[0]:
            async with self:
                self.progress = done[0]
        preview, mark = await job
        async with self:
            self._show_preview(preview, mark, actor.language)

    async def _preview(self, step: Step, actor: Actor) -> ImportPreview:
        """What was shown; worked out again when another process did it, and shown again if it differs."""
        found = find_preview(actor, self._mark)
        if found is not None:
            return found
        file_id, old_mark = parse_id(self.file.id), self._mark
        found, mark = await step.call(make_preview, actor, file_id, self._mapping(), self._defaults())
        if mark != old_mark:
            self._show_preview(found, mark, actor.language)
            raise _Outdated
        return found

    def _show_preview(self, preview: ImportPreview, mark: str, language: str) -> None:
        self._mark, self.step = mark, PREVIEW
        self.shown = ERROR if preview.errors else "all"
        self._list(preview, language, False)

    def _list(self, preview: ImportPreview, language: str, every: bool) -> None:
        wanted = [row for row in preview.rows if self.shown in ("all", row.status)]
        self.facts = PreviewFacts(
            preview.new,
            preview.changed,
            preview.unchanged,
            preview.errors,
            len(preview.rows),
            len(wanted),
            preview.new + preview.changed,
        )
        self.rows = [_row(row, language) for row in (wanted if every else wanted[:FIRST_ROWS])]

    def _mapping(self) -> dict[int, str]:
        return {line.position: line.column for line in self.columns if line.column}

    def _defaults(self) -> dict[str, str]:
        return {"category": self.category} if self.category else {}

    def _tell(self, step: Step) -> None:
        """An error belongs into the dialog: a toast would lie behind it."""
        if step.error is not None and step.error.status != 401:
            self.problem = step.text(step.error.message_key, **step.error.params)
            step.outcome = None

    def _reset(self) -> None:
        self.step, self.file, self.columns, self.rows = FILE, FileFacts(), [], []
        self.facts, self.shown, self.progress, self.busy = PreviewFacts(), "all", 0, False
        self.problem, self.category, self.taken, self.change, self._mark = "", "", 0, "", ""


class _Outdated(AppError):
    code = "catalog_preview_outdated"
    status = 409


def _columns(draft: ImportDraft) -> list[ColumnLine]:
    guesses = {guess.position: guess for guess in draft.guesses}
    lines = []
    for position in range(len(draft.sheet.header)):
        texts = [row[position].strip() for row in draft.sample if row[position].strip()]
        guess = guesses.get(position)
        lines.append(
            ColumnLine(
                position,
                draft.sheet.title(position),
                " · ".join(text[:40] for text in texts[:SAMPLES]),
                guess.column if guess else "",
                ("sure" if guess.confidence >= _SURE else "likely") if guess else "",
            )
        )
    return lines


def _row(row: ImportRow, language: str) -> RowLine:
    told = [_told(change, row.status, language) for change in row.changes[:_MAX_CHANGES]]
    return RowLine(
        line=row.line,
        code=row.code,
        name=row.name,
        status=row.status,
        changes=(" · ".join(told),) if row.status == NEW else tuple(told),
        problems=tuple(
            f"{found.column}: {translate(language, found.key, **found.params)}" for found in row.problems
        ),
    )


def _told(change: CellChange, status: str, language: str) -> str:
    title = translate(language, f"import.column.{change.column}")
    if status == NEW:
        return f"{title}: {change.after}"
    nothing = translate(language, "import.nothing")
    return f"{title}: {change.before or nothing} → {change.after or nothing}"
