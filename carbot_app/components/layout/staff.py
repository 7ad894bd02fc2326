"""The frame around every page of the workshop's own people."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from carbot_app.components.i18n import language_bridge, t
from carbot_app.components.layout.sidebar import sidebar
from carbot_app.components.layout.staff_frame import Place, StaffFrame
from carbot_app.components.layout.tabbar import tabbar
from carbot_app.components.pwa import update_notice
from carbot_app.components.ui.markup import given, skip_link
from carbot_app.components.ui.overlays import toast_region
from carbot_app.components.ui.surfaces import offline_bar


class _ShellKeys(rx.Component):
    library = "$/public/kit/shell"
    tag = "ShellKeys"


def staff_shell(
    *content: Any,
    frame: StaffFrame,
    title: Any,
    active: Place,
    beside_title: Any = None,
    actions: Sequence[Any] = (),
    pad: bool = True,
    detail: Any = None,
) -> rx.Component:
    """Sidebar and content sheet; on phones a large title and the bottom bar.

    ``beside_title``: view controls or a sign right of the title; ``actions``: buttons at the header's end;
    ``pad=False`` for panes that scroll by themselves (``cb-panes``); ``detail`` (Var): on phones the open
    thing takes the whole screen, without title and bottom bar; "true", or "editor" for a pane at the right.
    """
    return rx.el.div(
        # First: the effects of every text after it ask the browser for its language, unless it is known
        *([language_bridge(language=frame.language)] if frame.language is not None else []),
        skip_link(t("ui.skip")),
        sidebar(frame, active),
        rx.el.main(
            offline_bar(),
            update_notice(),
            rx.el.header(
                rx.el.h1(title),
                *([beside_title] if beside_title is not None else []),
                rx.el.div(*actions, class_name="cb-page-actions"),
                class_name="cb-page-head",
            ),
            rx.el.div(
                rx.el.div(*content, class_name="cb-page-pad") if pad else rx.fragment(*content),
                class_name="cb-page-body",
            ),
            id="main",
            tab_index=-1,
            class_name="cb-sheet-page",
        ),
        tabbar(frame, active),
        toast_region(on_action=frame.on_toast_action),
        _ShellKeys.create(),
        class_name="cb-shell",
        **given(data_detail=detail, style=frame.accent, data_accent=None if frame.accent is None else "own"),
    )
