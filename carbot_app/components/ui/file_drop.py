"""A place to drop files that are uploaded as they are."""

from typing import Any

import reflex as rx

from carbot_app.components.ui.icons import icon


def _three(
    first: rx.Var[int], second: rx.Var[int], third: rx.Var[int]
) -> tuple[rx.Var[int], rx.Var[int], rx.Var[int]]:
    return first, second, third


class _FileDrop(rx.Component):
    library = "$/public/kit/file_drop"
    tag = "FileDrop"

    label: rx.Var[str]
    sending: rx.Var[str]
    failed: rx.Var[str]
    wrong_type: rx.Var[str]
    too_large: rx.Var[str]
    max_bytes: rx.Var[int]
    address: rx.Var[str]
    endings: rx.Var[str]
    multiple: rx.Var[bool]
    primary: rx.Var[bool]
    counted: rx.Var[list[str]]
    on_uploaded: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_counted: rx.EventHandler[_three]
    on_problem: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def file_drop(title: Any, *texts: Any, **props: Any) -> rx.Component:
    """Title and lines of text above the button.

    ``label``, ``sending``, ``failed``, ``wrong_type`` and ``too_large`` are its words. Files that end like
    ``endings`` (``"xml,pdf"``) go to ``address`` as plain bytes. ``on_uploaded`` gets the last id,
    ``on_counted`` the sums of the three figures that ``counted`` names, ``on_problem`` a text.
    """
    return _FileDrop.create(
        icon("upload", 24, class_name="text-muted mb-1"),
        rx.el.p(title, class_name="font-[600]"),
        *(rx.el.p(text, class_name="cb-dense cb-muted") for text in texts),
        **props,
    )
