"""The public frame filled with the workshop's facts, present before any script runs."""

from typing import Any

import reflex as rx

from carbot_app.components.layout.public import PublicFrame, public_shell
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui import icon

_ACCENT = ("primary", "primary_content", "soft", "ink")


def workshop_href(page: str = "") -> Any:
    """Address of a page of this workshop; loaded anew, because every page brings its own facts."""
    slug: Any = public_fact("slug")
    return "/w/" + slug + (f"/{page}/" if page else "/")


def workshop_shell(
    *content: Any, on_language: Any = None, summary: Any = None, summary_bar: Any = None
) -> rx.Component:
    """A public page in the workshop's colours."""
    frame = PublicFrame(
        name=public_fact("workshop"),
        initial=public_fact("initial"),
        place=_place(),
        phone=public_fact("phone"),
        phone_href=public_fact("phone_href"),
        home_href=workshop_href(),
        imprint_href=workshop_href("impressum"),
        privacy_href=workshop_href("datenschutz"),
        accessibility_href="/barrierefreiheit/",
        withdraw_href=public_fact("withdraw_href"),
        on_language=on_language,
    )
    return rx.el.div(
        public_shell(*content, frame=frame, summary=summary, summary_bar=summary_bar),
        class_name="contents",
        # As an attribute and not as a class of its own, whose name would depend on the colours.
        custom_attrs={"data-accent": "own", "style": rx.Var.create(_accent())},
    )


def _accent() -> dict[str, rx.Var[str]]:
    return {
        f"--{theme}-{name.replace('_', '-')}": public_fact(f"{theme}_{name}")
        for theme in ("al", "ad")
        for name in _ACCENT
    }


def _place() -> rx.Component:
    """ "★ 4,8 aus 312 Bewertungen · Dortmund"; without reviews just the town."""
    return rx.fragment(
        rx.el.span(
            icon("star", 14, class_name="cb-rating-star"),
            rx.el.span(public_fact("rating_text"), class_name="cb-hide-phone"),
            rx.el.span(public_fact("rating"), class_name="sm:hidden"),
            " · ",
            class_name="cb-rating cb-num",
            custom_attrs={"data-rating": public_fact("rating")},
        ),
        public_fact("city"),
    )
