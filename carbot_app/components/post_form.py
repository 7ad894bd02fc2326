"""Forms that talk to the API instead of a state: sign-in, sign-up, password."""

from typing import Any

import reflex as rx
from reflex.vars.base import Var


def _problem_spec(title: Var[str], fields: Var[dict[str, str]]) -> tuple[Var[str], Var[dict[str, str]]]:
    return (title, fields)


class _PostForm(rx.Component):
    library = "$/public/kit/post_form"
    tag = "PostForm"

    action: Var[str]
    next: Var[str]
    from_query: Var[list[str]]
    on_problem: rx.EventHandler[_problem_spec]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]
    on_answer: rx.EventHandler[rx.event.passthrough_event_spec(dict[str, str])]


def post_form(
    *fields: Any,
    action: Any,
    on_problem: Any,
    next: str = "",
    on_done: Any = None,
    on_answer: Any = None,
    from_query: tuple[str, ...] = (),
) -> rx.Component:
    """Posts its fields as JSON to ``action``, then goes to ``next`` (or ``?weiter=``), calls ``on_answer``
    with the JSON that came back, or ``on_done``.

    ``on_problem(title, {field: message})`` gets translated texts, an empty title when the server could not be
    reached. ``from_query`` names parameters of the page's address sent along (the secret of a mailed link).
    """
    asked = {"on_done": on_done, "on_answer": on_answer}
    events = {name: handler for name, handler in asked.items() if handler is not None}
    return _PostForm.create(
        *fields,
        action=action,
        next=next,
        from_query=list(from_query),
        on_problem=on_problem,
        class_name="grid gap-4",
        **events,
    )
