"""Cards and rows, and the three states of every list: empty, loading, broken."""

from typing import Any, Literal

import reflex as rx
from reflex.vars.base import Var
from reflex_components_core.core.banner import has_too_many_connection_errors

from carbot_app.components.i18n import t
from carbot_app.components.ui.buttons import text_button
from carbot_app.components.ui.icons import icon as draw_icon
from carbot_app.components.ui.markup import classes, given, link, when


def card(*children: Any, pad: bool = True, **props: Any) -> rx.Component:
    """A white surface with a hairline. Never a card in a card."""
    look = classes("cb-card", "cb-card-pad" if pad else "", props.pop("class_name", ""))
    return rx.el.section(*children, class_name=look, **props)


def rows(*children: Any, **props: Any) -> rx.Component:
    """A list of rows with hairlines between them; children are ``rx.el.li`` or ``rx.foreach`` of them."""
    return rx.el.ul(*children, class_name=classes("cb-rows", props.pop("class_name", "")), **props)


def list_row(
    *children: Any, href: Any = None, on_click: Any = None, selected: Any = None, **props: Any
) -> rx.Component:
    """A row of ``rows``: a link, a button or plain; the whole row is the target."""
    shared = {"class_name": classes("cb-row", props.pop("class_name", "")), **props}
    if href is not None:
        inner = link(*children, href=href, **given(aria_current=selected), **shared)
    elif on_click is not None:
        marked = given(aria_current=selected)
        inner = rx.el.button(*children, type="button", on_click=on_click, **marked, **shared)
    else:
        inner = rx.el.div(*children, **given(data_selected=selected), **shared)
    return rx.el.li(inner)


def glyph_tile(name: Any, *, tone: str = "neutral") -> rx.Component:
    """An icon on its soft ground, before the title of a row."""
    return rx.el.span(draw_icon(name, 18), class_name=f"cb-glyph cb-tone-{tone}")


def two_lines(title: Any, detail: Any, **props: Any) -> rx.Component:
    """Title and one quiet line below, both cut when too long."""
    return rx.el.span(
        rx.el.span(title, class_name="block cb-truncate font-[600]"),
        rx.el.span(detail, class_name="block cb-truncate cb-muted cb-dense"),
        class_name=classes("min-w-0 flex-1", props.pop("class_name", "")),
        **props,
    )


def empty_state(icon: str, title: Any, text: Any = None, action: Any = None) -> rx.Component:
    """Nothing there yet: an icon, a sentence, one way on."""
    return rx.el.div(
        rx.el.span(draw_icon(icon, 20), class_name="cb-empty-icon"),
        rx.el.p(title, class_name="cb-empty-title !text-inherit"),
        *([rx.el.p(text)] if text is not None else []),
        *([action] if action is not None else []),
        class_name="cb-empty",
    )


def error_state(title: Any = None, text: Any = None, *, on_retry: Any = None) -> rx.Component:
    """What failed and "Noch einmal"; place it beside the old content, which stays."""
    retry = [" ", rx.el.button(t("ui.actions.retry"), type="button", on_click=on_retry)]
    return rx.el.div(
        rx.el.strong(title if title is not None else t("ui.error.title")),
        " ",
        text if text is not None else t("ui.error.text"),
        *(retry if on_retry is not None else []),
        class_name="cb-problem",
        role="alert",
    )


def skeleton(shape: Literal["rows", "cards", "thread", "text"] = "rows", count: int = 3) -> rx.Component:
    """The final shape in grey; appears only after 150 ms, so that quick answers do not flicker."""
    build = {"rows": _bone_row, "cards": _bone_card, "thread": _bone_bubble, "text": _bone_line}[shape]
    look = {"cards": "grid grid-cols-[repeat(auto-fit,minmax(150px,1fr))] gap-3"}.get(shape, "grid gap-4")
    return rx.el.div(
        rx.el.span(t("ui.loading"), class_name="cb-sr"),
        *(build(position) for position in range(count)),
        class_name=f"cb-skeleton {look}",
        role="status",
    )


def banner(
    text: Any,
    *,
    title: Any = None,
    tone: str = "warn",
    icon: str = "st-waiting",
    action: Any = None,
    card: bool = False,
) -> rx.Component:
    """A bar across a page or pane ("CarBot pausiert"); with ``card`` a rounded note inside content."""
    return rx.el.div(
        draw_icon(icon, 17),
        rx.el.span(*([rx.el.strong(title), " "] if title is not None else []), text, class_name="min-w-0"),
        *([action] if action is not None else []),
        class_name=f"cb-banner cb-tone-{tone}" + (" cb-banner-card" if card else ""),
    )


class _WhenOffline(rx.Component):
    library = "$/public/kit/shell"
    tag = "WhenOffline"

    lost: Var[bool]


def offline_bar(text: Any = None) -> rx.Component:
    """Appears while the device is offline or the server out of reach; says what still works."""
    return _WhenOffline.create(
        banner(
            text if text is not None else t("ui.offline.text"),
            title=t("ui.offline.title"),
            icon="wifi-off",
        ),
        lost=has_too_many_connection_errors,
    )


def load_more(*, has_more: Any, on_click: Any, busy: Any = None) -> rx.Component:
    """Below a long list, while there is more."""
    from carbot_app.components.ui.buttons import button

    return when(
        has_more,
        rx.el.div(
            button(t("ui.actions.more"), on_click=on_click, busy=busy),
            class_name="grid place-items-center p-4",
        ),
    )


def section_head(
    title: Any, *, trailing: Any = None, action: Any = None, on_action: Any = None
) -> rx.Component:
    """Heading above cards: title left; a count or one quiet action right."""
    right = []
    if trailing is not None:
        right.append(rx.el.span(trailing, class_name="cb-muted"))
    if action is not None:
        right.append(text_button(action, on_click=on_action) if on_action is not None else action)
    return rx.el.div(
        rx.el.h2(title, class_name="cb-heading"),
        *right,
        class_name="flex items-baseline justify-between gap-3",
    )


def _bone(width: str, look: str = "") -> rx.Component:
    return rx.el.span(class_name=f"cb-bone {look}".strip(), style={"width": width})


def _bone_row(position: int) -> rx.Component:
    widths = ("76%", "66%", "84%")
    return rx.el.div(
        rx.el.span(class_name="cb-bone !w-8 !h-8 !rounded-full flex-none"),
        rx.el.div(
            _bone(widths[position % 3], "cb-bone-strong"),
            _bone("48%"),
            class_name="grid gap-2 flex-1",
        ),
        class_name="flex items-center gap-3",
    )


def _bone_card(_: int) -> rx.Component:
    return rx.el.div(
        _bone("60%"),
        _bone("40%", "cb-bone-strong !h-5"),
        _bone("30%"),
        class_name="cb-card cb-card-pad grid gap-3",
    )


def _bone_bubble(position: int) -> rx.Component:
    side = "justify-self-end" if position % 2 else "justify-self-start"
    return rx.el.span(class_name=f"cb-bone !h-14 !w-3/5 !rounded-2xl {side}")


def _bone_line(position: int) -> rx.Component:
    return _bone(("92%", "100%", "64%")[position % 3])
