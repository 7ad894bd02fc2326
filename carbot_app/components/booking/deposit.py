"""Money asked for in advance, beside the visit it is for."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import button_link


def deposit_request(amount: Any, until: Any, *, href: Any) -> rx.Component:
    """How much, until when, and the way to the page where it is paid."""
    return rx.el.div(
        rx.el.h2(t("public.deposit.title"), class_name="cb-heading"),
        rx.el.p(amount, class_name="cb-figure cb-num"),
        rx.el.p(t("public.deposit.until", until=until), class_name="cb-muted"),
        button_link(
            t("public.deposit.pay"),
            href=href,
            kind="primary",
            size="lg",
            icon="banknote",
            external=True,
        ),
        class_name="grid gap-3 justify-items-start max-sm:justify-items-stretch",
    )
