"""The sign-in page."""

import reflex as rx

from carbot_app.components.auth.forms import sign_in_form
from carbot_app.components.i18n import t
from carbot_app.components.layout import auth_shell
from carbot_app.components.ui import link


def sign_in_page() -> rx.Component:
    """Layout."""
    return auth_shell(
        sign_in_form(),
        title=t("auth.sign_in_title"),
        text=t("auth.sign_in_text"),
        below=rx.fragment(
            t("auth.no_account"),
            " ",
            link(t("auth.sign_up_link"), href="/registrieren/", class_name="cb-link"),
        ),
    )
