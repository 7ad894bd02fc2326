"""What lies over the page: dialog to decide, pane to edit, sheet on phones, menu, toast. Never two deep."""

import json
from typing import Any, Literal

import reflex as rx
from reflex.vars.base import Var

from carbot_app.components.i18n import t
from carbot_app.components.ui.buttons import icon_button
from carbot_app.components.ui.icons import icon as draw_icon
from carbot_app.components.ui.markup import classes, given, link


class _Dialog(rx.Component):
    library = "$/public/kit/dialog"
    tag = "Dialog"

    open: Var[bool]
    dismissable: Var[bool]
    outside: Var[bool]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


def dialog(
    title: Any,
    *children: Any,
    id: str,
    actions: Any = None,
    open: Any = None,
    on_close: Any = None,
    dismissable: bool = True,
    outside: bool = True,
) -> rx.Component:
    """A question with at most 440 px. ``actions`` is a list of buttons, the verb last.

    ``outside=False``: a press beside it does not close it, because there is much to lose; Escape does.

    Steered by ``open`` (Var) and ``on_close`` (sets it false), or without a state by ``open_dialog(id)``.
    A button with ``data_close="true"`` closes it in the browser.
    """
    return _dialog(
        "",
        title,
        children,
        id=id,
        actions=actions,
        open=open,
        on_close=on_close,
        dismissable=dismissable,
        outside=outside,
    )


def pane(
    title: Any,
    *children: Any,
    id: str,
    actions: Any = None,
    open: Any = None,
    on_close: Any = None,
) -> rx.Component:
    """Edit at the right edge (384 px) with the list in view; full width on phones."""
    return _dialog("cb-pane", title, children, id=id, actions=actions, open=open, on_close=on_close)


def sheet(
    title: Any,
    *children: Any,
    id: str,
    actions: Any = None,
    open: Any = None,
    on_close: Any = None,
) -> rx.Component:
    """From the bottom edge, for thumbs."""
    return _dialog("cb-sheet", title, children, id=id, actions=actions, open=open, on_close=on_close)


def open_dialog(dialog_id: str) -> rx.event.EventSpec:
    """Event that opens a dialog, pane or sheet in the browser without asking the server."""
    return rx.call_script(f"document.getElementById({json.dumps(dialog_id)}).showModal()")


def close_dialog(dialog_id: str) -> rx.event.EventSpec:
    """Event that closes it again."""
    return rx.call_script(f"document.getElementById({json.dumps(dialog_id)}).close()")


class _Menu(rx.Component):
    library = "$/public/kit/menu"
    tag = "Menu"

    label: Var[str]
    trigger_class: Var[str]
    align: Var[str]
    side: Var[str]


def menu(
    label: Any,
    trigger: Any,
    *items: Any,
    look: str = "cb-btn cb-btn-ghost cb-btn-square",
    align: Literal["start", "end"] = "start",
    side: Literal["bottom", "top"] = "bottom",
) -> rx.Component:
    """A button with a menu. ``trigger`` is its content, ``look`` its classes, ``label`` spoken after it."""
    return _Menu.create(trigger, *items, label=label, trigger_class=look, align=align, side=side)


def menu_item(
    label: Any,
    *,
    icon: Any = None,
    href: Any = None,
    checked: Any = None,
    danger: bool = False,
    external: bool = False,
    **props: Any,
) -> rx.Component:
    """An entry of ``menu``; with ``checked`` it is one of several choices."""
    content = [*([draw_icon(icon, 17)] if icon is not None else []), rx.el.span(label)]
    shared = {
        "role": "menuitem" if checked is None else "menuitemradio",
        "class_name": classes("cb-menu-item", "cb-danger" if danger else ""),
        "tab_index": -1,
        **given(aria_checked=checked),
        **props,
    }
    if href is None:
        return rx.el.button(*content, type="button", **shared)
    if external:
        return rx.el.a(*content, href=href, reload_document=True, **shared)
    return link(*content, href=href, **shared)


def menu_line() -> rx.Component:
    """A hairline between groups of a menu."""
    return rx.el.hr(role="separator")


class _ToastRegion(rx.Component):
    library = "$/public/kit/toast"
    tag = "ToastRegion"

    label: Var[str]
    close_label: Var[str]
    on_action: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def toast_region(*, on_action: Any = None) -> rx.Component:
    """Where messages appear; the shells bring it. ``on_action(value)`` gets the value of a pressed action."""
    return _ToastRegion.create(
        label=t("ui.toast.region"), close_label=t("ui.actions.close"), **given(on_action=on_action)
    )


def _dialog(
    look: str,
    title: Any,
    children: Any,
    *,
    id: str,
    actions: Any,
    open: Any,
    on_close: Any,
    dismissable: bool = True,
    outside: bool = True,
) -> rx.Component:
    title_id = f"{id}-title"
    return _Dialog.create(
        rx.el.div(
            rx.el.h2(title, id=title_id, class_name="cb-section"),
            # A question is answered by its buttons, which then also get the focus; a pane can be left.
            *(
                []
                if actions and not look
                else [icon_button("x", t("ui.actions.close"), data_close="true", tip=False)]
            ),
            class_name="cb-dialog-head",
        ),
        rx.el.div(*children, class_name="cb-dialog-body"),
        *([rx.el.div(*actions, class_name="cb-dialog-foot")] if actions else []),
        id=id,
        class_name=f"cb-dialog {look}".strip(),
        dismissable=dismissable,
        outside=outside,
        custom_attrs={"aria-labelledby": title_id},
        **given(open=open, on_close=on_close),
    )
