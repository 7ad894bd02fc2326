"""Privacy as staff reads it (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.numbers import format_decimal

from carbot_app.domains.compliance.erasing import Obstacle
from carbot_app.domains.compliance.schemas import ErasureView, ExportView, KeptView, PeriodView, RunView
from carbot_app.kit.i18n import translate
from carbot_app.state.wording import Reader

_KILOBYTE = 1024
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A kind of data with its time and the reason."""

    kind: str = ""
    title: str = ""
    ground: str = ""
    period: str = ""
    usual: str = ""
    """What is usual, where the owner chose something else."""
    count: str = ""
    """The figure as typed."""
    unit: str = ""
    bounds: str = ""
    can_change: bool = False


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run that deleted something."""

    at: str
    counts: str


@dataclass(frozen=True, slots=True)
class ExportLine:
    """A disclosure that waits, is being built or failed."""

    id: str
    state: str
    title: str
    meta: str
    percent: int
    href: str
    has_link: bool
    who: str
    """Whose data it tells."""


@dataclass(frozen=True, slots=True)
class ErasureLine:
    """Somebody who was forgotten."""

    id: str
    pseudonym: str
    meta: str
    counts: str


@dataclass(frozen=True, slots=True)
class KeptLine:
    """What would stay, why and until when."""

    text: str
    ground: str


def describe_period(view: PeriodView, reader: Reader) -> PeriodLine:
    """A line of the list of periods."""
    bounds = {"from": _period(view, view.shortest, reader), "to": _period(view, view.longest, reader)}
    chosen = view.period != view.usual
    return PeriodLine(
        kind=view.kind,
        title=_text(reader, f"kind.{view.kind}"),
        ground=_text(reader, f"ground.{view.kind}"),
        period=_period(view, view.period, reader),
        usual=_text(reader, "settings.usual", period=_period(view, view.usual, reader)) if chosen else "",
        count=str(view.period),
        unit=_text(reader, "settings.period_in", unit=_text(reader, f"unit.{view.unit}")),
        bounds=_text(reader, "settings.bounds", **bounds),
        can_change=view.shortest != view.longest,
    )


def describe_run(view: RunView, reader: Reader) -> RunLine:
    """``Heute, 03:00`` and ``12 Chats, 3 Anfragen``."""
    counts = (_text(reader, f"counted.{kind}", count=count) for kind, count in view.counts)
    return RunLine(reader.day_and_clock(view.at), ", ".join(counts))


def describe_export(view: ExportView, reader: Reader) -> ExportLine:
    """A line of the disclosures."""
    if view.state == "ready":
        title = _text(reader, "person.ready", when=reader.day_and_clock(view.expires_at))
    elif view.state == "failed":
        title = _text(reader, "person.failed")
    else:
        title = _text(reader, "person.building", percent=view.progress)
    meta = _text(reader, "person.requested", when=reader.day_and_clock(view.at), who=view.requested_by)
    return ExportLine(
        id=str(view.id),
        state=view.state,
        title=title,
        meta=f"{meta} · {_size(view.size, reader)}" if view.size else meta,
        percent=view.progress,
        href=f"/api/privacy/exports/{view.id}.zip",
        has_link=view.has_link,
        who=view.customer,
    )


def describe_erasure(view: ErasureView, reader: Reader) -> ErasureLine:
    """A line of the forgotten."""
    return ErasureLine(
        id=str(view.id),
        pseudonym=view.pseudonym,
        meta=_text(
            reader,
            "settings.erased_line",
            when=reader.day_and_clock(view.at),
            who=view.done_by or _text(reader, "settings.system"),
            check=_text(reader, f"check.{view.checked_by}"),
        ),
        counts=_text(reader, "settings.erased_counts", removed=view.removed, kept=view.kept),
    )


def describe_thing(thing: tuple[str, int], reader: Reader) -> str:
    """``3 Gespräche``."""
    return _text(reader, f"thing.{thing[0]}", count=thing[1])


def describe_kept(views: Iterable[KeptView], reader: Reader) -> list[KeptLine]:
    """``1 Termin, 2 Nachrichten (bis 1. Jan. 2033)`` by ground."""
    found: dict[tuple[str, date | None], list[str]] = {}
    for view in views:
        things = found.setdefault((view.ground, view.until), [])
        things.append(describe_thing((view.thing, view.count), reader))
    return [
        KeptLine(f"{', '.join(things)}{_until(until, reader)}", _text(reader, f"ground.{ground}"))
        for (ground, until), things in found.items()
    ]


def describe_obstacle(obstacle: Obstacle, reader: Reader) -> str:
    """What has to be finished first."""
    when = reader.day_and_clock(obstacle.at) if obstacle.at else ""
    return _text(reader, f"person.{obstacle.kind}", when=when, title=obstacle.title)


def _until(day: date | None, reader: Reader) -> str:
    return f" ({_text(reader, 'person.until', day=reader.short_date(day))})" if day else ""


def _text(reader: Reader, key: str, **values: object) -> str:
    return translate(reader.language, f"privacy.{key}", **values)


def _period(view: PeriodView, count: int, reader: Reader) -> str:
    return _text(reader, f"period.{view.unit}", count=count) if count else _text(reader, "period.at_once")


def _size(size: int, reader: Reader) -> str:
    if size < _MEGABYTE:
        return f"{max(1, round(size / _KILOBYTE))} KB"
    return f"{format_decimal(round(size / _MEGABYTE, 1), locale=reader.language)} MB"
