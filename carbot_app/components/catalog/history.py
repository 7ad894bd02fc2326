"""Who changed what, when, and back again."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import button, empty_state, pane
from carbot_app.state.catalog_history import HistoryState

_HISTORY: Any = HistoryState


def history_pane() -> rx.Component:
    """Of one service, or of the whole catalogue."""
    return pane(
        t("catalog.history.title"),
        rx.cond(
            _HISTORY.code != "", rx.el.p(_HISTORY.name, class_name="cb-muted break-words mb-3"), rx.fragment()
        ),
        rx.cond(
            _HISTORY.lines.length() > 0,
            rx.el.ol(rx.foreach(_HISTORY.lines, _change), class_name="grid grid-cols-1"),
            empty_state("history", t("catalog.history.empty_title"), t("catalog.history.empty_text")),
        ),
        id="catalog-history",
        open=_HISTORY.open,
        on_close=HistoryState.close,
    )


def _change(change: Any) -> rx.Component:
    kind = t_choice("catalog.history.kind", change.kind)
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(
                    rx.cond(
                        _HISTORY.code != "",
                        kind,
                        rx.cond(
                            change.title != "",
                            change.title,
                            t("catalog.history.many", count=change.count),
                        ),
                    ),
                    class_name="font-[600] break-words",
                ),
                rx.el.p(
                    rx.cond(_HISTORY.code == "", rx.el.span(kind)),
                    rx.el.span(change.by),
                    rx.el.span(change.when),
                    class_name="cb-dense cb-muted cb-num cb-dots",
                ),
                class_name="min-w-0 flex-1",
            ),
            rx.cond(
                change.can_undo,
                button(t("ui.actions.undo"), size="sm", icon="undo-2", on_click=HistoryState.undo(change.id)),
                rx.cond(
                    change.undone,
                    rx.el.span(t("catalog.history.undone"), class_name="cb-dense cb-faint"),
                ),
            ),
            class_name="flex items-start gap-3",
        ),
        rx.cond(
            change.fields.length() > 0,
            rx.el.ul(
                rx.foreach(change.fields, lambda line: _field(line, change)), class_name="grid gap-1.5 mt-2"
            ),
        ),
        key=change.id,
        class_name="py-3.5 border-b border-base-300 last:border-0",
    )


def _field(line: Any, change: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.cond(change.title == "", line.thing + ": ", ""),
            t_choice("catalog.history.field", line.field),
            class_name="block cb-muted",
        ),
        rx.el.span(
            rx.cond(
                line.before != "",
                rx.fragment(
                    rx.el.span(t("catalog.history.before"), class_name="cb-sr"),
                    rx.el.s(line.before, class_name="cb-faint"),
                    " ",
                ),
            ),
            rx.el.span(t("catalog.history.after"), class_name="cb-sr"),
            rx.cond(line.after != "", line.after, "–"),
            class_name="block break-words cb-num",
        ),
        class_name="cb-dense",
    )
