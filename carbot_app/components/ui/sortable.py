"""Putting things in order by mouse, finger or keyboard; see assets/kit/sortable.js.

``drag_area(…)`` holds ``drag_item``s (with a ``drag_handle`` inside) and ``drop_shelf``s. Every drag needs a
way without dragging beside it: a menu on the item.
"""

from typing import Any

import reflex as rx
from reflex.vars.base import Var
from reflex_base.utils.imports import ImportVar

from carbot_app.components.ui.icons import icon

_LIBRARY = "$/public/kit/sortable"
_PACKAGES = {"@dnd-kit/core@6.3.1": [ImportVar(tag=None, render=False)]}


def _drop_spec(code: Var[str], before: Var[str], shelf: Var[str]) -> tuple[Var[str], Var[str], Var[str]]:
    return code, before, shelf


class _DragArea(rx.Component):
    library = _LIBRARY
    tag = "DragArea"

    ids: Var[list[str]]
    revision: Var[int]
    sortable: Var[bool]
    disabled: Var[bool]
    words: Var[dict[str, str]]
    on_drop: rx.EventHandler[_drop_spec]

    def add_imports(self) -> dict[str, list[ImportVar]]:
        return dict(_PACKAGES)


class _DragItem(rx.Component):
    library = _LIBRARY
    tag = "DragItem"

    code: Var[str]
    title: Var[str]
    detail: Var[str]
    trailing: Var[str]


class _DragHandle(rx.Component):
    library = _LIBRARY
    tag = "DragHandle"

    label: Var[str]


class _DropShelf(rx.Component):
    library = _LIBRARY
    tag = "DropShelf"

    shelf: Var[str]
    label: Var[str]
    current: Var[bool]


def drag_area(
    *children: Any,
    ids: Any,
    revision: Any,
    sortable: Any,
    disabled: Any,
    words: dict[str, Any],
    on_drop: Any,
    **props: Any,
) -> rx.Component:
    """Where things can be dragged. A drop calls ``on_drop(id, before, shelf)`` at once
    and shows the new order until the server's ``ids`` follow; raising ``revision`` takes it back.

    ``words``: help, role, lifted, over_card, over_shelf, over_nowhere, dropped_card, dropped_shelf,
    dropped_nowhere, cancelled, with ``{name}``, ``{place}``, ``{count}``, ``{shelf}`` to be filled.
    """
    return _DragArea.create(
        *children,
        ids=ids,
        revision=revision,
        sortable=sortable,
        disabled=disabled,
        words=words,
        on_drop=on_drop,
        **props,
    )


def drag_item(
    *children: Any, code: Any, title: Any, detail: Any = "", trailing: Any = "", **props: Any
) -> rx.Component:
    """An ``li`` of the area; give it ``key``."""
    return _DragItem.create(*children, code=code, title=title, detail=detail, trailing=trailing, **props)


def drag_handle(label: Any) -> rx.Component:
    """The six dots: Space lifts, arrows move, Space drops, Escape leaves it."""
    return _DragHandle.create(icon("grip-vertical", 18), label=label, class_name="cb-drag-handle")


def drop_shelf(*children: Any, shelf: Any, label: Any, current: Any = False, **props: Any) -> rx.Component:
    """A place outside the list, such as a category, that takes what is dropped on it."""
    return _DropShelf.create(*children, shelf=shelf, label=label, current=current, **props)
