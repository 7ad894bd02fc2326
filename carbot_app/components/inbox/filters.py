"""The filters of the inbox that are needed less often, and which of them is on."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.inbox.labels import label_tag
from carbot_app.components.ui import icon, menu, menu_item, menu_line, text_button
from carbot_app.state.address import set_address
from carbot_app.state.desk import DeskState
from carbot_app.state.inbox import InboxState
from carbot_app.state.session import SessionState

_DESK: Any = DeskState
_INBOX: Any = InboxState
_SESSION: Any = SessionState

_VIEWS = (
    ("unassigned", "user-plus"),
    ("waiting", "clock"),
    ("snoozed", "alarm-clock"),
    ("done", "check"),
    ("all", "inbox"),
)
_COUNTED = ("unassigned", "waiting", "snoozed")


def count_of(view: str) -> Any:
    """The figure beside a filter; counting ends at a thousand."""
    return rx.cond(_INBOX.counts[view] > 999, "999+", _INBOX.counts[view].to_string())


def more_filters_menu(*, align: Any = "end") -> rx.Component:
    """Rarer filters, labels, and selecting several rows."""
    labels = rx.foreach(
        _DESK.labels,
        lambda label: menu_item(
            label.name,
            icon="tag",
            checked=_INBOX.label == label.id,
            on_click=InboxState.pick_label(rx.cond(_INBOX.label == label.id, "", label.id)),
        ),
    )
    several = rx.fragment(
        menu_line(),
        menu_item(t("desk.bulk.start"), icon="clipboard-check", on_click=DeskState.start(True)),
    )
    return menu(
        t("inbox.view.more"),
        icon("list-filter", 18),
        *(_view(view, glyph) for view, glyph in _VIEWS),
        rx.cond(_DESK.labels.length() > 0, menu_line()),
        labels,
        rx.cond(_SESSION.permissions.contains("inbox.reply"), several),
        align=align,
    )


def narrowed() -> rx.Component:
    """Which rare filter or label is on, and the way out of it."""
    rare = [(view, t(f"inbox.view.{view}")) for view, _ in _VIEWS]
    name = rx.foreach(
        _DESK.labels, lambda label: rx.cond(_INBOX.label == label.id, label_tag(label), rx.fragment())
    )
    show_open = text_button(
        t("inbox.empty.show_open"), on_click=[set_address(view=""), InboxState.pick_view("open")]
    )
    is_rare = rx.match(_INBOX.view, *((view, True) for view, _ in _VIEWS), False)
    return rx.fragment(
        rx.cond(
            is_rare,
            rx.el.p(
                rx.el.span(rx.match(_INBOX.view, *rare, ""), class_name="font-[600]"),
                show_open,
                class_name="max-md:hidden flex items-baseline gap-3 px-4 pb-2.5 cb-dense",
            ),
        ),
        rx.cond(
            _INBOX.label != "",
            rx.el.p(
                name,
                text_button(t("desk.label.all"), on_click=InboxState.pick_label("")),
                class_name="flex items-center gap-3 px-4 pb-2.5 cb-dense",
            ),
        ),
    )


def _view(view: str, glyph: str) -> rx.Component:
    words: Any = t(f"inbox.view.{view}")
    if view in _COUNTED:
        words = rx.fragment(words, rx.el.span(" ", count_of(view), class_name="cb-count"))
    return menu_item(
        words,
        icon=glyph,
        checked=_INBOX.view == view,
        on_click=[set_address(view=view), InboxState.pick_view(view)],
    )
