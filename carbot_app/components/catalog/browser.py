"""What the browser does by itself in the editor; see assets/catalog/editor.js."""

from typing import Any

import reflex as rx


class _EditForm(rx.Component):
    library = "$/public/catalog/editor"
    tag = "EditForm"

    service: rx.Var[str]
    dirty: rx.Var[bool]
    on_edit: rx.EventHandler[rx.event.passthrough_event_spec(dict[str, str])]
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(dict[str, str])]
    on_leave: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def edit_form(
    *children: Any, service: Any, dirty: Any, on_edit: Any, on_save: Any, on_leave: Any, **props: Any
) -> rx.Component:
    """A form whose values go to ``on_edit`` 250 ms after the last key; ``on_leave(href)`` while ``dirty``."""
    return _EditForm.create(
        *children,
        service=service,
        dirty=dirty,
        on_edit=on_edit,
        on_save=on_save,
        on_leave=on_leave,
        **props,
    )
