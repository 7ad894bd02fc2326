"""A calendar of lanes, visits moved by mouse, finger or keyboard; see assets/kit/resource_calendar.js.

Every drag needs a way without dragging beside it: the visit's pane.
"""

from typing import Any

import reflex as rx
from reflex.vars.base import Var
from reflex_base.utils.imports import ImportVar

_PACKAGES = {"@event-calendar/core@5.15.0": [ImportVar(tag=None, render=False)]}


def _id_spec(id_: Var[str]) -> tuple[Var[str]]:
    return (id_,)


def _steps_spec(steps: Var[int]) -> tuple[Var[int]]:
    return (steps,)


def _new_spec(lane: Var[str], starts: Var[str]) -> tuple[Var[str], Var[str]]:
    return lane, starts


def _drop_spec(
    id_: Var[str], lane: Var[str], starts: Var[str], ends: Var[str]
) -> tuple[Var[str], Var[str], Var[str], Var[str]]:
    return id_, lane, starts, ends


class _ResourceCalendar(rx.Component):
    library = "$/public/kit/resource_calendar"
    tag = "ResourceCalendar"

    label: Var[str]
    view: Var[str]
    on: Var[str]
    opens: Var[str]
    closes: Var[str]
    language: Var[str]
    zone: Var[str]
    editable: Var[bool]
    lanes: Var[list[dict[str, Any]]]
    visits: Var[list[dict[str, Any]]]
    unplanned: Var[list[dict[str, Any]]]
    pauses: Var[list[dict[str, Any]]]
    loads: Var[list[dict[str, Any]]]
    places: Var[dict[str, Any]]
    revision: Var[int]
    words: Var[dict[str, str]]
    on_grab: rx.EventHandler[_id_spec]
    on_stretch: rx.EventHandler[_id_spec]
    on_new: rx.EventHandler[_new_spec]
    on_drop: rx.EventHandler[_drop_spec]
    on_open: rx.EventHandler[_id_spec]
    on_browse: rx.EventHandler[_steps_spec]
    on_view: rx.EventHandler[_id_spec]

    def add_imports(self) -> dict[str, list[ImportVar]]:
        return dict(_PACKAGES)


def resource_calendar(**props: Any) -> rx.Component:
    """The grid of ``lanes``, by hours (a day) or by days (a week).

    ``on_grab(id)`` asks for ``places``, which says at every quarter of an hour whether the visit fits,
    ``on_stretch(id)`` for those that say it of every end; ``on_new(lane, starts)`` comes when an empty time
    (in a week: day) is pressed, and with two empty texts for the key N. Times are those of ``zone``.
    ``on_drop(id, lane, starts, ends)`` comes at once, ``ends`` only when the length changed, with the
    lane ``-``. What was dropped stays until ``visits`` follow; raising ``revision`` takes it back.
    """
    return _ResourceCalendar.create(**props)
