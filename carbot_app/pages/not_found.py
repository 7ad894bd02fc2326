"""What an address without a page shows."""

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.layout import auth_shell
from carbot_app.components.ui import button_link


def not_found_page() -> rx.Component:
    """Layout."""
    return auth_shell(
        button_link(t("ui.not_found.home"), href="/heute/", kind="primary", size="lg", block=True),
        title=t("ui.not_found.title"),
        text=t("ui.not_found.text"),
    )
