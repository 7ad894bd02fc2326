"""Tables, from 768 px, when rows are compared; on phones use ``rows`` with two lines."""

from typing import Any

import reflex as rx

from carbot_app.components.ui.markup import classes, given


def table(caption: Any, columns: list[Any], body: Any, *, foot: Any = None) -> rx.Component:
    """``columns``: labels, or ``column(label, end=True)`` for money; ``body``: rows of ``table_row``.

    ``caption`` is read, not shown.
    """
    heads = [item if isinstance(item, rx.Component) else column(item) for item in columns]
    return rx.el.table(
        rx.el.caption(caption, class_name="cb-sr"),
        rx.el.thead(rx.el.tr(*heads)),
        rx.el.tbody(*(body if isinstance(body, list) else [body])),
        *([rx.el.tfoot(foot)] if foot is not None else []),
        class_name="cb-table",
    )


def column(label: Any, *, end: bool = False, hidden: bool = False) -> rx.Component:
    """A column head; ``end`` aligns right, ``hidden`` keeps the label for screen readers only."""
    text = rx.el.span(label, class_name="cb-sr") if hidden else label
    return rx.el.th(text, scope="col", class_name="cb-end" if end else "")


def table_row(*cells: Any, **props: Any) -> rx.Component:
    """A row; every child that is no ``cell`` becomes one."""
    return rx.el.tr(*(item if isinstance(item, rx.el.Td) else cell(item) for item in cells), **props)


def cell(*children: Any, end: bool = False, **props: Any) -> rx.Component:
    """A cell; ``end`` aligns figures right."""
    look = classes("cb-end" if end else "", props.pop("class_name", ""))
    return rx.el.td(*children, **given(class_name=look or None), **props)


def row_actions(*buttons: Any) -> rx.Component:
    """At most two actions and a menu, visible on hover, focus and touch."""
    return rx.el.div(*buttons, class_name="cb-row-actions")
