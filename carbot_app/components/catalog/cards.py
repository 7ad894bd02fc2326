"""The services of a category as cards: order, price, whether offered; and what is done with several."""

from typing import Any

import reflex as rx

from carbot_app.components.catalog.tree import CAN_MANAGE, shelf_options
from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import (
    button,
    dialog,
    empty_state,
    icon,
    icon_button,
    kbd,
    menu,
    menu_item,
    menu_line,
    skeleton,
    tag,
    toggle,
)
from carbot_app.components.ui.sortable import drag_handle, drag_item
from carbot_app.state.catalog import CatalogState
from carbot_app.state.catalog_editor import EditorState
from carbot_app.state.catalog_history import HistoryState
from carbot_app.state.catalog_selection import SelectionState

_CATALOG: Any = CatalogState
_EDITOR: Any = EditorState
_SELECTION: Any = SelectionState

MODEL_ICONS = {
    "fixed": "equal",
    "range": "move-horizontal",
    "per_vehicle_class": "car",
    "per_unit": "hash",
    "hourly_aw": "clock",
    "package": "layers",
}
"""Price model → the sign before its word."""


def card_list(bulk_action: Any) -> rx.Component:
    """The cards of the open category, or what a search found. ``bulk_action`` joins the bar of the ticked."""
    return rx.fragment(
        rx.cond(_SELECTION.selected.length() > 0, _selection_bar(bulk_action), _head()),
        rx.cond(
            _CATALOG.status == "loading",
            skeleton("rows", 7),
            rx.cond(
                _CATALOG.codes.length() > 0,
                rx.el.ul(rx.foreach(_CATALOG.cards, _card), class_name="cb-cards", aria_label=_CATALOG.title),
                _empty(),
            ),
        ),
    )


def move_dialog() -> rx.Component:
    """Asks for the category: the way without dragging."""
    moving = _SELECTION.moving
    return dialog(
        t("catalog.move.title"),
        rx.el.form(
            rx.el.p(
                rx.cond(moving.name != "", moving.name, t("catalog.move.many", count=moving.codes.length())),
                class_name="font-[600] break-words",
            ),
            rx.el.div(
                rx.el.label(t("catalog.tree.category"), html_for="move-shelf", class_name="cb-label"),
                rx.el.select(
                    shelf_options(),
                    id="move-shelf",
                    name="shelf",
                    default_value=_CATALOG.category,
                    key=moving.codes.join(),
                    class_name="cb-input",
                ),
                class_name="cb-field",
            ),
            id="move-form",
            on_submit=SelectionState.move,
            class_name="grid gap-4",
        ),
        id="move-service",
        open=moving.codes.length() > 0,
        on_close=SelectionState.cancel_move,
        actions=[
            button(t("ui.actions.cancel"), on_click=SelectionState.cancel_move),
            button(t("catalog.move.do"), kind="primary", submit=True, form="move-form"),
        ],
    )


def _head() -> rx.Component:
    is_search = _CATALOG.search != ""
    return rx.el.div(
        rx.el.h2(
            rx.cond(is_search, t("catalog.found"), _CATALOG.title),
            rx.el.span(_CATALOG.codes.length(), class_name="cb-num cb-muted font-[450] ml-2"),
            class_name="cb-heading min-w-0",
            aria_live="polite",
        ),
        rx.cond(
            CAN_MANAGE & ~is_search & (_CATALOG.codes.length() > 1),
            rx.el.p(
                t("catalog.drag.hint"),
                kbd(t("catalog.drag.space")),
                kbd("↑"),
                kbd("↓"),
                class_name="cb-cards-hint",
                aria_hidden="true",
            ),
        ),
        class_name="flex items-center justify-between gap-4 min-h-8",
    )


def _selection_bar(bulk_action: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            t("catalog.select.count", count=_SELECTION.selected.length()),
            class_name="font-[600] cb-num mr-auto",
            role="status",
        ),
        button(t("catalog.select.on"), size="sm", on_click=SelectionState.activate(True)),
        button(t("catalog.select.off"), size="sm", on_click=SelectionState.activate(False)),
        button(t("catalog.select.move"), size="sm", on_click=SelectionState.ask_move("")),
        bulk_action,
        button(t("catalog.select.all"), kind="ghost", size="sm", on_click=SelectionState.all),
        icon_button("x", t("catalog.select.clear"), size="sm", on_click=SelectionState.clear),
        class_name="cb-select-bar",
        aria_label=t("catalog.select.label"),
        role="group",
    )


def _empty() -> rx.Component:
    library = button(t("catalog.empty.library"), icon="book-open", on_click=CatalogState.filter("library"))
    return rx.cond(
        _CATALOG.search != "",
        empty_state("search", t("catalog.empty.search_title"), t("catalog.empty.search_text")),
        rx.cond(
            _CATALOG.show == "active",
            empty_state(
                "tags", t("catalog.empty.active_title"), t("catalog.empty.active_text"), action=library
            ),
            empty_state("tags", t("catalog.empty.title"), t("catalog.empty.text")),
        ),
    )


def _card(card: Any) -> rx.Component:
    opened = _EDITOR.opened == card.code
    return drag_item(
        rx.cond(CAN_MANAGE, drag_handle(t("catalog.drag.handle", name=card.name))),
        rx.cond(
            CAN_MANAGE,
            rx.el.input(
                type="checkbox",
                checked=_SELECTION.selected.contains(card.code),
                on_change=lambda _: SelectionState.toggle(card.code),
                aria_label=t("catalog.select.one", name=card.name),
                class_name="cb-check cb-card-check",
            ),
        ),
        rx.el.button(
            rx.el.span(
                rx.el.span(card.name, class_name="cb-card-name"),
                rx.cond(card.own, tag(t("catalog.card.own"))),
                class_name="flex items-center gap-2 min-w-0",
            ),
            rx.el.span(card.description, class_name="cb-card-text"),
            type="button",
            on_click=EditorState.open(card.code),
            aria_current=rx.cond(opened, "true", "false"),
            data_card=card.code,
            class_name="cb-card-open",
        ),
        rx.el.span(_model(card.model), class_name="cb-card-model"),
        rx.el.span(t("catalog.card.minutes", count=card.minutes), class_name="cb-card-minutes cb-num"),
        rx.el.span(card.price, class_name="cb-card-price cb-num"),
        toggle(
            t("catalog.card.active", name=card.name),
            "active",
            hidden_label=True,
            checked=card.active,
            disabled=~CAN_MANAGE,
            on_change=lambda on: CatalogState.switch(card.code, on),
        ),
        rx.cond(CAN_MANAGE, _card_menu(card)),
        code=card.code,
        title=card.name,
        detail=card.description,
        trailing=card.price,
        key=card.code,
        class_name=rx.cond(opened, "cb-offer cb-offer-open", "cb-offer"),
    )


def _model(model: Any) -> Any:
    signs: list[Any] = [(name, icon(glyph, 15)) for name, glyph in MODEL_ICONS.items()]
    return rx.fragment(rx.match(model, *signs, rx.fragment()), t_choice("catalog.model", model))


def _card_menu(card: Any) -> rx.Component:
    sortable = _CATALOG.search == ""
    return menu(
        t("catalog.card.menu", name=card.name),
        icon("ellipsis", 17),
        rx.cond(
            sortable & ~card.first,
            menu_item(t("catalog.card.up"), icon="arrow-up", on_click=CatalogState.nudge(card.code, -1)),
        ),
        rx.cond(
            sortable & ~card.last,
            menu_item(t("catalog.card.down"), icon="arrow-down", on_click=CatalogState.nudge(card.code, 1)),
        ),
        menu_item(t("catalog.card.move"), icon="folder-input", on_click=SelectionState.ask_move(card.code)),
        menu_line(),
        menu_item(t("catalog.card.select"), icon="check", on_click=SelectionState.toggle(card.code)),
        menu_item(
            t("catalog.card.history"), icon="history", on_click=HistoryState.show(card.code, card.name)
        ),
        look="cb-btn cb-btn-ghost cb-btn-square cb-btn-sm cb-card-menu",
        align="end",
    )
