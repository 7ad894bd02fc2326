"""/rechnungen/entwurf/?id=<id>: an invoice is written."""

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.invoices.draft import draft_actions, draft_content, draft_dialogs, draft_foot
from carbot_app.components.invoices.draft_lines import line_pane
from carbot_app.components.layout.signed_in import signed_in_page


def invoice_draft_page() -> rx.Component:
    """Fields and sums scroll; on phones the button stays in view."""
    return signed_in_page(
        rx.el.div(
            draft_content(),
            draft_foot(),
            line_pane(),
            draft_dialogs(),
            class_name="flex flex-col h-full min-h-0",
        ),
        title=t("draft.title"),
        actions=[draft_actions()],
        active="invoices",
        pad=False,
    )
