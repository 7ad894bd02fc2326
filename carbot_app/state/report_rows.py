"""Reports, plans and columns as staff reads them (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from babel import Locale
from babel.numbers import format_decimal

from carbot_app.domains.analytics.reports.narrowing import filters_as_kept
from carbot_app.domains.analytics.reports.schemas import Recipient, RunView, ScheduleView, Wish
from carbot_app.domains.analytics.reports.templates import TEMPLATES, WEEKLY, Template
from carbot_app.kit.i18n import list_words, translate
from carbot_app.state.wording import Reader

_KILOBYTE = 1024
_TROUBLED = {"failed", "held", "unsure", "dropped"}


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A report that may be asked for."""

    code: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column to choose; ``place`` counts from 1 in the chosen order, 0: not chosen."""

    key: str
    title: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody of the team to choose."""

    id: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class MailLine:
    """What became of a mail."""

    text: str
    troubled: bool


@dataclass(frozen=True, slots=True)
class RunRow:
    """A report of the archive."""

    id: str = ""
    title: str = ""
    days: str = ""
    narrowed: str = ""
    """What it is narrowed to; empty: nothing."""
    meta: str = ""
    form: str = ""
    state: str = ""
    word: str = ""
    percent: int = 0
    progress: str = ""
    problem: str = ""
    href: str = ""
    mails: tuple[MailLine, ...] = ()
    can_send: bool = False


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """Somebody a plan sends to; ``email`` is set where the question can be asked again."""

    text: str
    waits: bool
    email: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A plan."""

    id: str
    title: str
    when: str
    next: str
    enabled: bool
    recipients: tuple[RecipientLine, ...]


def templates_for(permissions: Iterable[str], language: str) -> list[TemplateRow]:
    """What somebody with these permissions may ask for."""
    may = set(permissions)
    return [
        TemplateRow(template.code, title_of(template.code, language), _text(language, f"{template.code}"))
        for template in TEMPLATES.values()
        if may.issuperset(template.needs)
    ]


def title_of(code: str, language: str) -> str:
    """What a report is called."""
    return translate(language, f"reports.template.{code}.title")


def columns_for(template: Template, chosen: Sequence[str], language: str) -> list[ColumnRow]:
    """All columns of a report, the chosen ones with their place."""
    return [
        ColumnRow(
            key,
            translate(language, f"reports.column.{key}"),
            chosen.index(key) + 1 if key in chosen else 0,
        )
        for key in template.columns
    ]


def chosen_of(columns: Iterable[ColumnRow]) -> list[str]:
    """Keys of the chosen columns in their order."""
    return [row.key for row in sorted(columns, key=lambda row: row.place) if row.place]


def preview_of(wish: Wish) -> str:
    """Address of the picture of its first page."""
    compare = wish.compare
    asked = {
        "first": wish.first.isoformat(),
        "last": wish.last.isoformat(),
        "columns": ",".join(wish.columns),
        **filters_as_kept(wish.filters),
        **({"compare_first": compare.first, "compare_last": compare.last} if compare else {}),
        **({} if wish.compares else {"compares": "false"}),
    }
    return f"/api/reports/preview/{quote(wish.template)}.png?{urlencode(asked, safe=',')}"


def describe_run(view: RunView, reader: Reader) -> RunRow:
    """A line of the archive."""
    language = reader.language
    when = reader.day_and_clock(view.at)
    by = (
        translate(language, "reports.run.by", who=view.requested_by, when=when)
        if view.requested_by
        else translate(language, "reports.run.planned", when=when)
    )
    title = title_of(view.template, language)
    words = list_words(language, "errors")
    return RunRow(
        id=str(view.id),
        title=title,
        days=reader.date_range(view.first, view.last),
        narrowed=view.narrowed,
        meta=f"{by} · {_size(view.size, reader)}" if view.size else by,
        form=view.form,
        state=view.state,
        word=translate(language, f"reports.state.{view.state}"),
        percent=view.progress,
        progress=translate(language, "reports.run.progress", percent=view.progress, title=title),
        problem=words.get(view.error, words.get("internal", "")) if view.state == "failed" else "",
        href=f"/api/reports/{view.id}/file",
        mails=tuple(
            MailLine(
                f"{mail.to}: {translate(language, f'reports.mailed.{mail.state}')}", mail.state in _TROUBLED
            )
            for mail in view.mails
        ),
        can_send=view.may_send,
    )


def describe_schedule(view: ScheduleView, reader: Reader) -> ScheduleRow:
    """A line of the plans."""
    language, rhythm = reader.language, view.draft.rhythm
    day = weekday(rhythm.day, language) if rhythm.kind == WEEKLY else str(rhythm.day)
    form = translate(language, f"reports.form.{view.draft.form}")
    when = translate(language, f"reports.every.{rhythm.kind}", day=day, at=rhythm.at)
    return ScheduleRow(
        id=str(view.id),
        title=title_of(view.draft.template, language),
        when=f"{when} · {form}",
        next=translate(language, "reports.schedule.next", when=reader.day_and_clock(view.next_at))
        if view.next_at
        else translate(language, "reports.schedule.off"),
        enabled=view.enabled,
        recipients=tuple(_recipient(one, language) for one in view.recipients),
    )


def weekday(day: int, language: str) -> str:
    """``Montag``; 0 is Monday."""
    return Locale.parse(language).days["stand-alone"]["wide"][day]


def day_choices(kind: str, language: str) -> list[list[str]]:
    """Weekdays, or days of the month."""
    if kind == WEEKLY:
        return [[str(day), weekday(day, language)] for day in range(7)]
    return [[str(day), f"{day}."] for day in range(1, 32)]


def _recipient(one: Recipient, language: str) -> RecipientLine:
    name = one.name or translate(language, "reports.recipient.former")
    if one.state == "fine":
        return RecipientLine(name, waits=False)
    word = translate(language, f"reports.recipient.{one.state}")
    return RecipientLine(f"{name} ({word})", waits=True, email=one.email)


def _text(language: str, code: str) -> str:
    return translate(language, f"reports.template.{code}.text")


def _size(size: int, reader: Reader) -> str:
    return f"{format_decimal(max(1, round(size / _KILOBYTE)), locale=reader.language)} KB"
