"""/leistungen/: what the workshop offers, in which order and at what price."""

from typing import Any

import reflex as rx

from carbot_app.components.catalog.bulk import bulk_pane
from carbot_app.components.catalog.cards import card_list, move_dialog
from carbot_app.components.catalog.editor import editor_pane, leave_dialog
from carbot_app.components.catalog.history import history_pane
from carbot_app.components.catalog.import_wizard import export_menu, import_dialog
from carbot_app.components.catalog.terms import terms_pane
from carbot_app.components.catalog.tree import CAN_MANAGE, category_select, category_tree, shelf_dialog
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.ui import (
    button,
    error_state,
    icon,
    menu,
    menu_item,
    search_field,
    segmented,
)
from carbot_app.components.ui.sortable import drag_area
from carbot_app.state.catalog import CatalogState
from carbot_app.state.catalog_bulk import BulkState
from carbot_app.state.catalog_editor import EditorState
from carbot_app.state.catalog_history import HistoryState
from carbot_app.state.catalog_import import ImportState
from carbot_app.state.catalog_rules import RulesState
from carbot_app.state.catalog_selection import SelectionState
from carbot_app.state.catalog_terms import TermsState

_CATALOG: Any = CatalogState
_EDITOR: Any = EditorState
_SELECTION: Any = SelectionState
_ITEM_LG, _ITEM_XL = "cb-menu-item lg:!hidden", "cb-menu-item xl:!hidden"
"""Entries whose buttons stand in the header of wider screens."""

DRAG_WORDS = (
    "help", "role", "lifted", "over_card", "over_shelf", "over_nowhere", "dropped_card", "dropped_shelf",
    "dropped_nowhere", "cancelled",
)  # fmt: skip


def catalog_page() -> rx.Component:
    """Tree, cards and the opened service."""
    return signed_in_page(
        rx.el.div(
            drag_area(
                category_tree(),
                _list(),
                ids=_CATALOG.codes,
                revision=_CATALOG.revision,
                sortable=_CATALOG.search == "",
                disabled=~CAN_MANAGE,
                words={word: _drag_text(word) for word in DRAG_WORDS},
                on_drop=CatalogState.drop,
                class_name="contents",
            ),
            editor_pane(),
            class_name=rx.cond(_EDITOR.opened != "", "cb-catalog cb-catalog-open", "cb-catalog"),
        ),
        _dialogs(),
        title=t("catalog.title"),
        beside_title=rx.el.p(
            t("catalog.figures", active=_CATALOG.active, available=_CATALOG.available),
            class_name="cb-muted cb-num cb-catalog-figures",
        ),
        actions=_actions(),
        active="catalog",
        pad=False,
        detail=rx.cond(_EDITOR.opened != "", "editor", "false"),
        on_live=[CatalogState.on_live],
        on_toast_action=CatalogState.undo,
    )


def _drag_text(word: str) -> Any:
    """The text with its gaps left open; assets/kit/sortable.js fills them."""
    return t(f"catalog.drag.{word}", name="{name}", place="{place}", total="{count}", shelf="{shelf}")


def _list() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                search_field(
                    placeholder=t("catalog.search"),
                    label=t("catalog.search_label"),
                    default_value=_CATALOG.search,
                    on_change=CatalogState.find.debounce(250),
                    key="search",
                ),
                class_name="cb-catalog-search",
            ),
            segmented(
                t("catalog.show.label"),
                "show",
                [(name, t(f"catalog.show.{name}")) for name in ("active", "all", "library")],
                value=_CATALOG.show,
                on_change=CatalogState.filter,
            ),
            class_name="cb-catalog-tools",
        ),
        category_select(),
        rx.cond(_CATALOG.status == "failed", error_state(on_retry=CatalogState.load)),
        card_list(_bulk_action()),
        class_name="cb-catalog-list",
        aria_label=t("catalog.list"),
    )


def _actions() -> list[Any]:
    bulk = BulkState.start([], "")
    return [
        rx.el.div(
            rx.cond(
                CAN_MANAGE,
                button(t("catalog.actions.import"), kind="ghost", icon="upload", on_click=ImportState.start),
            ),
            export_menu(),
            class_name="hidden xl:flex",
        ),
        rx.cond(
            CAN_MANAGE,
            rx.fragment(
                rx.el.div(
                    button(t("catalog.actions.bulk"), icon="percent", on_click=bulk),
                    class_name="hidden lg:flex",
                ),
                button(
                    t("catalog.actions.new"),
                    icon="plus",
                    on_click=EditorState.open("new"),
                    class_name="cb-catalog-new",
                ),
            ),
        ),
        _more_menu(bulk),
    ]


def _more_menu(bulk: Any) -> rx.Component:
    """What has no button; on smaller screens also what has one on wider ones."""
    terms = [TermsState.start("base"), RulesState.load]
    return menu(
        t("catalog.actions.more"),
        icon("ellipsis", 18),
        rx.cond(
            CAN_MANAGE,
            rx.fragment(
                menu_item(t("catalog.actions.bulk"), icon="percent", on_click=bulk, class_name=_ITEM_LG),
                menu_item(
                    t("catalog.actions.import"),
                    icon="upload",
                    on_click=ImportState.start,
                    class_name=_ITEM_XL,
                ),
            ),
        ),
        *(
            menu_item(
                t(f"import.{word}"),
                icon="download",
                href=f"/api/catalog/export.{ending}",
                external=True,
                download=True,
                class_name=_ITEM_XL,
            )
            for word, ending in (("excel", "xlsx"), ("csv", "csv"))
        ),
        menu_item(t("catalog.actions.terms"), icon="euro", on_click=terms),
        menu_item(t("catalog.history.all"), icon="history", on_click=HistoryState.show("", "")),
        align="end",
    )


def _bulk_action() -> rx.Component:
    """Prices of the ticked services."""
    return button(t("catalog.actions.bulk"), size="sm", on_click=BulkState.start(_SELECTION.selected, ""))


def _dialogs() -> rx.Component:
    return rx.fragment(
        shelf_dialog(),
        move_dialog(),
        leave_dialog(),
        history_pane(),
        bulk_pane(),
        terms_pane(),
        import_dialog(),
    )
