"""Buttons. One primary per view; destructive only inside a confirmation; label is verb and object."""

from typing import Any, Literal

import reflex as rx

from carbot_app.components.ui.icons import icon as draw_icon
from carbot_app.components.ui.markup import classes, given, link, plain_link

Kind = Literal["primary", "outline", "ghost", "destructive"]
Size = Literal["sm", "md", "lg"]


def button(
    label: Any,
    *,
    kind: Kind = "outline",
    size: Size = "md",
    icon: Any = None,
    icon_end: Any = None,
    busy: Any = None,
    submit: bool = False,
    block: bool = False,
    **props: Any,
) -> rx.Component:
    """A button: ``md`` 36 px (44 on phones), ``sm`` 30 for toolbars, ``lg`` 52 for thumbs.

    ``busy`` (bool or Var) shows a spinner at unchanged width and announces it.
    """
    return rx.el.button(
        *_content(label, icon, icon_end),
        type="submit" if submit else "button",
        class_name=_classes(kind, size, block, props.pop("class_name", "")),
        **given(aria_busy=busy),
        **props,
    )


def button_link(
    label: Any,
    *,
    href: Any,
    kind: Kind = "outline",
    size: Size = "md",
    icon: Any = None,
    icon_end: Any = None,
    block: bool = False,
    external: bool = False,
    **props: Any,
) -> rx.Component:
    """A link that looks like a button; ``external`` for ``tel:``, downloads and other sites.

    Without it the router of the pages looks for a page of that address, also for a file of our own, and
    prerenders an address that is filled in later (public_fact) as a path below the page.
    """
    content = _content(label, icon, icon_end)
    look = _classes(kind, size, block, props.pop("class_name", ""))
    if external:
        return plain_link(*content, href=href, class_name=look, **props)
    return link(*content, href=href, class_name=look, **props)


def icon_button(
    name: Any,
    label: Any,
    *,
    kind: Kind = "ghost",
    size: Size = "md",
    tip: bool = True,
    href: Any = None,
    **props: Any,
) -> rx.Component:
    """A button with only an icon; ``label`` names it for screen readers and, with ``tip``, on hover."""
    glyph = draw_icon(name, 16 if size == "sm" else 18)
    shared = {
        "class_name": classes(_classes(kind, size, False, "cb-btn-square"), props.pop("class_name", "")),
        "aria_label": label,
        **({"data_tip": label} if tip else {}),
        **props,
    }
    if href is not None:
        return rx.el.a(glyph, href=href, **shared)
    return rx.el.button(glyph, type="button", **shared)


def text_button(label: Any, **props: Any) -> rx.Component:
    """An action in running text, in the accent colour: "Ändern", "Rückgängig"."""
    return rx.el.button(
        label, type="button", class_name=classes("cb-link", props.pop("class_name", "")), **props
    )


def kbd(key: Any) -> rx.Component:
    """A key cap; hints only, never the name of an action."""
    return rx.el.kbd(key, class_name="cb-kbd")


def _content(label: Any, icon: Any, icon_end: Any) -> list[Any]:
    return [
        *([draw_icon(icon, 17)] if icon is not None else []),
        rx.el.span(label, class_name="cb-truncate"),
        *([draw_icon(icon_end, 17, class_name="cb-icon-end")] if icon_end is not None else []),
    ]


def _classes(kind: Kind, size: Size, block: bool, extra: Any) -> Any:
    sizes = {"sm": "cb-btn-sm", "md": "", "lg": "cb-btn-lg"}
    return classes("cb-btn", f"cb-btn-{kind}", sizes[size], "cb-btn-block" if block else "", extra)
