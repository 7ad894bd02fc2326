"""Temporary: the panes of the catalogue by themselves."""

import reflex as rx

from carbot_app.components.catalog.bulk import bulk_pane
from carbot_app.components.catalog.import_wizard import export_menu, import_dialog
from carbot_app.components.catalog.terms import terms_pane
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.ui import button
from carbot_app.state.catalog_bulk import BulkState
from carbot_app.state.catalog_import import ImportState
from carbot_app.state.catalog_rules import RulesState
from carbot_app.state.catalog_terms import TermsState


def catalog_dialogs_page() -> rx.Component:
    """Buttons that open them."""
    return signed_in_page(
        rx.el.div(
            button(t("pricing.bulk.title"), id="go-bulk", on_click=BulkState.start([], "")),
            button(
                t("pricing.terms.title"), id="go-terms", on_click=[TermsState.start("base"), RulesState.load]
            ),
            button("Importieren", id="go-import", on_click=ImportState.start),
            export_menu(),
            class_name="flex gap-2 flex-wrap",
        ),
        bulk_pane(),
        terms_pane(),
        import_dialog(),
        title="Dialoge",
        active="settings",
    )
