"""The chosen figure over time: its picture, the points behind it and their words (pure)."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from carbot_app.domains.analytics.schemas import Band, TimeSeries
from carbot_app.kit.i18n import translate
from carbot_app.state.dashboard_figures import axis_scale, axis_unit, write_tick, write_whole
from carbot_app.state.story_chart import Lines, story_chart
from carbot_app.state.story_marks import Mark, marks_of
from carbot_app.state.wording import Reader


@dataclass(frozen=True, slots=True)
class StoryPoint:
    """A place on the time axis, its numbers in the unit of the axis."""

    day: str
    """ISO; a click narrows the range to ``day``–``last``."""
    last: str
    label: str
    tick: str
    """Its shorter label on the axis."""
    value: float | None
    previous: float | None
    text: str
    before: str
    """The comparison in words; empty without one."""


@dataclass(frozen=True, slots=True)
class StoryBand:
    """What is expected of a place."""

    label: str
    tick: str
    low: float
    mid: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class StoryTick:
    """A number of the axis and its word."""

    at: float
    word: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the story chart shows; ``picture`` is its markup before anybody reaches for it."""

    code: str = ""
    grain: str = "day"
    """day, workday or week."""
    unit: str = ""
    picture: str = ""
    points: tuple[StoryPoint, ...] = ()
    bands: tuple[StoryBand, ...] = ()
    axis: tuple[StoryTick, ...] = ()
    compared: bool = False
    reason: str = ""
    """The filter under which the figure has no meaning."""


def tell_story(series: TimeSeries, closed: Set[int], reader: Reader, currency: str) -> Story:
    """Without marks where nothing happened; ``closed``: ISO weekdays on which the workshop does not open."""
    marks = marks_of(series, closed)
    known = [abs(value) for mark in marks.past for value in (mark.value, mark.previous) if value]
    if not known and not marks.future:
        return Story(code=series.code, grain=marks.grain, reason=series.reason)
    highest = max([*known, *(band.high for band in marks.future), 0])
    scale = axis_scale(series.unit, highest)

    def scaled(value: float | None) -> float | None:
        return None if value is None else round(value / scale, 2)

    def words(value: float | None) -> str:
        return write_whole(value, series.unit, reader, currency)

    points = tuple(
        StoryPoint(
            day=mark.first.isoformat(),
            last=mark.last.isoformat(),
            label=_label(mark, reader),
            tick=reader.short_date(mark.last),
            value=scaled(mark.value),
            previous=scaled(mark.previous),
            text=words(mark.value),
            before=words(mark.previous) if series.previous else "",
        )
        for mark in marks.past
    )
    compared = any(point.previous for point in points)
    bands = tuple(_band(band, scale, reader, words(band.low), words(band.high)) for band in marks.future)
    drawn = _drawn(points, bands, reader, compared=compared)
    return Story(
        code=series.code,
        grain=marks.grain,
        unit=axis_unit(series.unit, highest, reader, currency),
        picture=story_chart(drawn, lambda tick: write_tick(tick, reader)),
        points=points,
        bands=bands,
        axis=tuple(StoryTick(tick, write_tick(tick, reader)) for tick in drawn.ticks()),
        compared=compared,
        reason=series.reason,
    )


def _label(mark: Mark, reader: Reader) -> str:
    return (
        reader.short_date(mark.first) if mark.first == mark.last else reader.date_range(mark.first, mark.last)
    )


def _band(band: Band, scale: float, reader: Reader, low: str, high: str) -> StoryBand:
    span = translate(reader.language, "dashboard.story.between", low=low, high=high)
    return StoryBand(
        reader.short_date(band.day),
        reader.short_date(band.day),
        round(band.low / scale, 2),
        round(band.mid / scale, 2),
        round(band.high / scale, 2),
        span,
    )


def _drawn(
    points: Sequence[StoryPoint], bands: Sequence[StoryBand], reader: Reader, *, compared: bool
) -> Lines:
    return Lines(
        past=[point.value for point in points],
        previous=[point.previous for point in points] if compared else [],
        band=[(band.low, band.mid, band.high) for band in bands],
        labels=[one.tick for one in (*points, *bands)],
        today=translate(reader.language, "dashboard.story.today") if bands else "",
    )
