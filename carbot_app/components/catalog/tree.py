"""The categories: a tree that also takes dropped cards; a select on phones; the dialog with a name."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import button, dialog, field, icon, menu, menu_item
from carbot_app.components.ui.sortable import drop_shelf
from carbot_app.state.catalog import CatalogState
from carbot_app.state.catalog_shelves import ShelfState
from carbot_app.state.session import SessionState

_CATALOG: Any = CatalogState
_SHELF: Any = ShelfState
_SESSION: Any = SessionState

CAN_MANAGE = _SESSION.permissions.contains("catalog.manage")


def category_tree() -> rx.Component:
    """Left of the list from 768 px up."""
    return rx.el.nav(
        rx.el.ul(rx.foreach(_CATALOG.shelves, _shelf), class_name="grid grid-cols-1 gap-0.5"),
        rx.cond(
            CAN_MANAGE,
            rx.el.button(
                icon("plus", 16),
                t("catalog.tree.add"),
                type="button",
                on_click=ShelfState.ask_add(""),
                class_name="cb-tree-add",
            ),
        ),
        aria_label=t("catalog.tree.label"),
        class_name="cb-tree",
    )


def category_select() -> rx.Component:
    """The same on phones."""
    return rx.el.div(
        rx.el.span(icon("tags", 17), class_name="cb-lead"),
        rx.el.select(
            rx.foreach(_CATALOG.shelves, _option),
            value=_CATALOG.category,
            on_change=CatalogState.choose,
            aria_label=t("catalog.tree.label"),
            class_name="cb-input",
        ),
        class_name="cb-control md:hidden",
    )


def shelf_options() -> rx.Component:
    """Options of a native select, subcategories indented."""
    return rx.foreach(_CATALOG.shelves, _plain_option)


def shelf_dialog() -> rx.Component:
    """Asks for the name of a category."""
    adds = _SHELF.task.kind == "add"
    return dialog(
        rx.cond(adds, t("catalog.tree.add_title"), t("catalog.tree.rename_title")),
        rx.el.form(
            field(
                t("catalog.tree.name"),
                "name",
                id="shelf-name",
                default_value=_SHELF.task.name,
                error=_SHELF.error,
                auto_focus=True,
                max_length=60,
                key=_SHELF.task.kind + _SHELF.task.key,
            ),
            id="shelf-form",
            on_submit=ShelfState.submit,
        ),
        id="shelf",
        open=_SHELF.task.kind != "",
        on_close=ShelfState.close,
        actions=[
            button(t("ui.actions.cancel"), on_click=ShelfState.close),
            button(
                rx.cond(adds, t("catalog.tree.add_do"), t("catalog.tree.rename_do")),
                kind="primary",
                submit=True,
                form="shelf-form",
            ),
        ],
    )


def _shelf(shelf: Any) -> rx.Component:
    row = drop_shelf(
        rx.cond(
            shelf.has_inner,
            rx.el.button(
                icon("chevron-right", 15),
                type="button",
                aria_expanded=rx.cond(shelf.open, "true", "false"),
                aria_label=t("catalog.tree.fold", name=shelf.name),
                on_click=CatalogState.fold(shelf.key),
                class_name="cb-tree-fold",
            ),
            rx.el.span(class_name="w-6 flex-none"),
        ),
        rx.el.button(
            rx.el.span(shelf.name, class_name="flex-1 min-w-0 text-left"),
            rx.el.span(shelf.count, class_name="cb-tree-count cb-num"),
            type="button",
            on_click=CatalogState.choose(shelf.key),
            aria_current=rx.cond(shelf.current, "true", "false"),
            class_name="cb-tree-name",
        ),
        rx.cond(shelf.current & CAN_MANAGE, _shelf_menu(shelf)),
        shelf=shelf.key,
        label=shelf.name,
        current=shelf.current,
        class_name=rx.cond(shelf.parent != "", "cb-tree-row cb-tree-inner", "cb-tree-row"),
    )
    return rx.cond(shelf.hidden, rx.fragment(), rx.el.li(row, key=shelf.key))


def _shelf_menu(shelf: Any) -> rx.Component:
    return menu(
        t("catalog.tree.menu", name=shelf.name),
        icon("ellipsis", 16),
        rx.cond(
            shelf.parent == "",
            menu_item(t("catalog.tree.add_inner"), icon="plus", on_click=ShelfState.ask_add(shelf.key)),
        ),
        menu_item(t("catalog.tree.rename"), icon="pencil", on_click=ShelfState.ask_rename(shelf.key)),
        rx.cond(
            shelf.own,
            menu_item(
                t("catalog.tree.remove"), icon="trash-2", danger=True, on_click=ShelfState.remove(shelf.key)
            ),
        ),
        look="cb-tree-more",
        align="end",
    )


def _option(shelf: Any) -> rx.Component:
    return rx.el.option(_indented(shelf), " (", shelf.count, ")", value=shelf.key)


def _plain_option(shelf: Any) -> rx.Component:
    return rx.el.option(_indented(shelf), value=shelf.key)


def _indented(shelf: Any) -> Any:
    return rx.cond(shelf.parent != "", "\u2003" + shelf.name, shelf.name)
