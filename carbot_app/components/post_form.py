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


def post_form(
    *fields: Any,
    action: str,
    on_problem: Any,
    next: str = "",
    on_done: Any = None,
    from_query: tuple[str, ...] = (),
) -> rx.Component:
    """Posts its fields as JSON to ``action``, then goes to ``next`` (or ``?weiter=``) or calls ``on_done``.

    ``on_problem(title, {field: message})`` gets translated texts, an empty title when the server could not be
    reached. ``from_query`` names parameters of the page's address sent along (the secret of a mailed link).
    """
    events = {"on_done": on_done} if on_done is not None else {}
    return _PostForm.create(
        *fields,
        action=action,
        next=next,
        from_query=list(from_query),
        on_problem=on_problem,
        class_name="grid gap-4",
        **events,
    )
