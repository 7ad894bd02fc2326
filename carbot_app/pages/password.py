"""The password page."""

import reflex as rx

from carbot_app.components.auth.forms import password_form
from carbot_app.components.i18n import t
from carbot_app.components.layout import auth_shell
from carbot_app.components.ui import link


def password_page() -> rx.Component:
    """Layout."""
    return auth_shell(
        password_form(),
        title=t("auth.password_title"),
        text=t("auth.password_text"),
        below=link(t("auth.back_to_sign_in"), href="/anmelden/", class_name="cb-link"),
    )
