"""The frame around sign-in, sign-up, password reset and invitations."""

from typing import Any

import reflex as rx

from carbot_app.components.layout.public import language_menu
from carbot_app.components.ui.icons import carbot_mark
from carbot_app.components.ui.overlays import toast_region


def auth_shell(*content: Any, title: Any, text: Any = None, below: Any = None) -> rx.Component:
    """One card with one task. ``below`` holds the way elsewhere ("Noch kein Zugang? …")."""
    return rx.el.main(
        rx.el.div(
            carbot_mark(36),
            rx.el.span("CarBot", class_name="cb-title flex-1"),
            language_menu(),
            class_name="flex items-center gap-3 w-full max-w-[400px]",
        ),
        rx.el.section(
            rx.el.h1(title, class_name="cb-section"),
            *([rx.el.p(text, class_name="cb-muted mt-1")] if text is not None else []),
            rx.el.div(*content, class_name="mt-5 grid gap-4"),
            class_name="cb-card cb-auth-card",
        ),
        *([rx.el.p(below, class_name="cb-muted")] if below is not None else []),
        toast_region(),
        class_name="cb-auth",
    )
