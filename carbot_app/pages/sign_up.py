"""The sign-up page."""

import reflex as rx

from carbot_app.components.auth.forms import sign_up_form
from carbot_app.components.i18n import t
from carbot_app.components.layout import auth_shell
from carbot_app.components.ui import link


def sign_up_page() -> rx.Component:
    """Layout."""
    return auth_shell(
        sign_up_form(),
        title=t("auth.sign_up_title"),
        text=t("auth.sign_up_text"),
        below=rx.fragment(
            t("auth.have_account"), " ", link(t("auth.sign_in"), href="/anmelden/", class_name="cb-link")
        ),
    )
