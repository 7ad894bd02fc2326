"""The bare address: whoever opens it works here, so it leads to today."""

import reflex as rx


def index_page() -> rx.Component:
    """Sends the browser on to ``/heute/`` and offers a link where scripts are off."""
    return rx.el.main(
        rx.el.a("CarBot", href="/heute/", class_name="link p-6 inline-block"),
        on_mount=rx.redirect("/heute/", replace=True),
    )
