"""What a customer sees of a question; all of it lives in the browser and asks the API (assets/approval)."""

import reflex as rx
from reflex_base.utils.imports import ImportVar

from carbot_app.components.i18n import page_words
from carbot_app.components.ui.signature import SIGNATURE_PACKAGES


class _ApprovalPage(rx.Component):
    library = "$/public/approval/page"
    tag = "ApprovalPage"

    def add_imports(self) -> dict[str, list[ImportVar]]:
        return dict(SIGNATURE_PACKAGES)


def approval_question() -> rx.Component:
    """Cards, sum, signature, and what is said afterwards."""
    return rx.fragment(page_words("approval", "photos"), _ApprovalPage.create())
