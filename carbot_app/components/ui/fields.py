"""Form fields: label above, help below, the error takes the help's place and is announced with the field."""

from typing import Any, Literal

import reflex as rx
from reflex.vars.base import Var

from carbot_app.components.i18n import t
from carbot_app.components.ui.icons import icon
from carbot_app.components.ui.markup import given, unique_id, when

InputType = Literal["text", "tel", "email", "password", "number", "date", "time", "url", "search"]


def field(
    label: Any,
    name: str,
    *,
    type: InputType = "text",
    help: Any = None,
    error: Any = None,
    unit: Any = None,
    optional: bool = False,
    **props: Any,
) -> rx.Component:
    """One-line input. ``error`` is a text or Var, empty when there is none; ``unit`` stands inside, right.

    ``value``, ``on_change``, ``on_blur`` and every other attribute go to the input. Telephone, mail and
    password fields get the right keyboard and autofill by themselves.
    """
    typed = {
        "tel": {"auto_complete": "tel", "input_mode": "tel"},
        "email": {"auto_complete": "email", "input_mode": "email", "spell_check": False},
        "number": {"input_mode": "decimal"},
    }.get(type, {})
    return _labelled(
        label,
        lambda ids: _control(
            rx.el.input(**{"type": type, "name": name, "class_name": "cb-input", **typed, **ids, **props}),
            unit=unit,
        ),
        help=help,
        error=error,
        optional=optional,
        control_id=props.pop("id", None),
    )


def textarea(
    label: Any,
    name: str,
    *,
    help: Any = None,
    error: Any = None,
    optional: bool = False,
    **props: Any,
) -> rx.Component:
    """Several lines; grows with the text."""
    return _labelled(
        label,
        lambda ids: rx.el.textarea(**{"name": name, "class_name": "cb-input", **ids, **props}),
        help=help,
        error=error,
        optional=optional,
        control_id=props.pop("id", None),
    )


def select(
    label: Any,
    name: str,
    options: Any,
    *,
    help: Any = None,
    error: Any = None,
    optional: bool = False,
    **props: Any,
) -> rx.Component:
    """Native select. ``options`` are ``(value, text)`` pairs, or a Var of such pairs."""
    if isinstance(options, Var):
        entries = [rx.foreach(options, lambda pair: rx.el.option(pair[1], value=pair[0]))]
    else:
        entries = [rx.el.option(text, value=value) for value, text in options]
    return _labelled(
        label,
        lambda ids: rx.el.select(*entries, **{"name": name, "class_name": "cb-input", **ids, **props}),
        help=help,
        error=error,
        optional=optional,
        control_id=props.pop("id", None),
    )


def checkbox(label: Any, name: str, *, error: Any = None, **props: Any) -> rx.Component:
    """A tick box with its sentence; the sentence may hold a link."""
    error_id = unique_id(f"{name}-error")
    box = rx.el.input(
        type="checkbox",
        name=name,
        class_name="cb-check",
        **given(aria_describedby=error_id if error is not None else None),
        **props,
    )
    option = rx.el.label(box, rx.el.span(label), class_name="cb-option")
    if error is None:
        return option
    return rx.el.div(option, _error_line(error, error_id), class_name="cb-field")


def toggle(label: Any, name: str, *, hidden_label: bool = False, **props: Any) -> rx.Component:
    """A switch that takes effect at once; inside a form use ``checkbox``."""
    switch = rx.el.input(
        type="checkbox",
        role="switch",
        name=name,
        class_name="cb-switch",
        **(given(aria_label=label) if hidden_label else {}),
        **props,
    )
    if hidden_label:
        return switch
    return rx.el.label(rx.el.span(label, class_name="flex-1"), switch, class_name="cb-option items-center")


def radio_card(
    label: Any, name: str, value: Any, *, detail: Any = None, trailing: Any = None, **props: Any
) -> rx.Component:
    """One of several answers as a card; ``trailing`` is a price or sign at the right."""
    return _choice("radio", label, {"name": name, "value": value, **props}, detail, trailing)


def check_card(
    label: Any, name: str, value: Any, *, detail: Any = None, trailing: Any = None, **props: Any
) -> rx.Component:
    """One of several independent answers as a card."""
    return _choice("checkbox", label, {"name": name, "value": value, **props}, detail, trailing)


def search_field(
    *, placeholder: Any, label: Any = None, name: str = "search", slash: bool = False, **props: Any
) -> rx.Component:
    """Search; with ``slash`` the "/" key focuses it from anywhere on the page (see ``staff_shell``)."""
    return rx.el.div(
        rx.el.span(icon("search", 17), class_name="cb-lead"),
        rx.el.input(
            type="search",
            name=name,
            placeholder=placeholder,
            aria_label=label if label is not None else t("ui.actions.search"),
            class_name="cb-input",
            auto_complete="off",
            **({"data_slash": "true", "aria_keyshortcuts": "/"} if slash else {}),
            **props,
        ),
        *([rx.el.span(rx.el.kbd("/", class_name="cb-kbd"), class_name="cb-trail")] if slash else []),
        class_name="cb-control cb-search",
        role="search",
        aria_label=label if label is not None else t("ui.actions.search"),
    )


def form_error(message: Any) -> rx.Component:
    """What is wrong with the whole form; empty message, nothing there. Announced when it appears."""
    return rx.el.div(
        when(
            message,
            rx.el.p(
                icon("st-overdue", 16), rx.el.span(message), class_name="cb-problem flex gap-2 items-start"
            ),
        ),
        role="alert",
    )


def _choice(
    kind: Literal["radio", "checkbox"], label: Any, props: dict[str, Any], detail: Any, trailing: Any
) -> rx.Component:
    look = {"radio": "cb-radio", "checkbox": "cb-check"}[kind]
    return rx.el.label(
        rx.el.input(type=kind, class_name=look, **props),
        rx.el.span(
            rx.el.span(label, class_name="font-[550] block"),
            *([rx.el.span(detail, class_name="cb-muted block")] if detail is not None else []),
            class_name="flex-1 min-w-0",
        ),
        *([trailing] if trailing is not None else []),
        class_name="cb-choice",
    )


def _labelled(
    label: Any,
    build: Any,
    *,
    help: Any,
    error: Any,
    optional: bool,
    control_id: Any,
) -> rx.Component:
    control_id = control_id if control_id is not None else unique_id("f")
    note_id = f"{control_id}-note"
    ids: dict[str, Any] = {"id": control_id}
    if help is not None or error is not None:
        ids["aria_describedby"] = note_id
    if error is not None:
        ids["aria_invalid"] = _truth(error)
    extra = [rx.el.span(" · ", t("ui.field.optional"), class_name="cb-optional")] if optional else []
    return rx.el.div(
        rx.el.label(label, *extra, html_for=control_id, class_name="cb-label"),
        build(ids),
        _note(help, error, note_id),
        class_name="cb-field",
    )


def _note(help: Any, error: Any, note_id: Any) -> rx.Component:
    if help is None and error is None:
        return rx.fragment()
    help_line = rx.el.p(help, id=note_id, class_name="cb-help") if help is not None else rx.fragment()
    if error is None:
        return help_line
    return when(error, _error_line(error, note_id), help_line)


def _error_line(error: Any, note_id: Any) -> rx.Component:
    line = rx.el.p(icon("st-overdue", 15), rx.el.span(error), id=note_id, class_name="cb-field-error")
    return when(error, line)


def _control(control: rx.Component, *, unit: Any) -> rx.Component:
    if unit is None:
        return control
    return rx.el.span(control, rx.el.span(unit, class_name="cb-unit"), class_name="cb-control")


def _truth(value: Any) -> Any:
    return rx.cond(value, "true", "false") if isinstance(value, Var) else str(bool(value)).lower()


def password_field(
    label: Any,
    name: str = "password",
    *,
    new: bool = False,
    help: Any = None,
    error: Any = None,
    **props: Any,
) -> rx.Component:
    """Password; ``new`` tells password managers to offer a fresh one."""
    return field(
        label,
        name,
        type="password",
        help=help,
        error=error,
        **{"auto_complete": "new-password" if new else "current-password", **props},
    )
