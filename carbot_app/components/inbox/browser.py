"""What the browser does by itself in the inbox; see assets/inbox/inbox.js."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t

_LIBRARY = "$/public/inbox/inbox"


class _AddressLink(rx.Component):
    library = _LIBRARY
    tag = "AddressLink"

    href: rx.Var[str]
    params: rx.Var[dict[str, str]]
    on_pick: rx.EventHandler[rx.event.no_args_event_spec]


class _InboxKeys(rx.Component):
    library = _LIBRARY
    tag = "InboxKeys"

    on_minute: rx.EventHandler[rx.event.no_args_event_spec]
    on_return: rx.EventHandler[rx.event.passthrough_event_spec(bool)]
    on_select: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class _ThreadScroll(rx.Component):
    library = _LIBRARY
    tag = "ThreadScroll"

    thread: rx.Var[str]


def _thread_and_text(thread: rx.Var[str], text: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return thread, text


class _DraftKeeper(rx.Component):
    library = _LIBRARY
    tag = "DraftKeeper"

    thread: rx.Var[str]
    sent: rx.Var[int]
    draft: rx.Var[str]
    on_typing: rx.EventHandler[rx.event.no_args_event_spec]
    on_draft: rx.EventHandler[_thread_and_text]


class _ComposerHelp(rx.Component):
    library = "$/public/inbox/compose"
    tag = "ComposerHelp"

    trigger: rx.Var[str]
    options: rx.Var[list]
    label: rx.Var[str]
    empty: rx.Var[str]
    starter: rx.Var[str]


class _Dictation(rx.Component):
    library = "$/public/inbox/dictation"
    tag = "Dictation"

    label: rx.Var[str]
    stop: rx.Var[str]
    busy: rx.Var[str]
    blocked: rx.Var[str]
    failed: rx.Var[str]


class _CustomerTyping(rx.Component):
    library = _LIBRARY
    tag = "CustomerTyping"

    thread: rx.Var[str]
    last: rx.Var[int]


class _SearchFollows(rx.Component):
    library = _LIBRARY
    tag = "SearchFollows"

    value: rx.Var[str]


def address_link(
    *children: Any, href: Any, params: dict[str, Any], on_pick: Any, **attributes: Any
) -> rx.Component:
    """A link that changes the address in place and calls ``on_pick``; a new tab opens ``href``."""
    look = attributes.pop("class_name", "")
    return _AddressLink.create(
        *children, href=href, params=params, on_pick=on_pick, class_name=look, custom_attrs=attributes
    )


def inbox_keys(*, on_minute: Any, on_return: Any, on_select: Any) -> rx.Component:
    """The keys of the help sheet; ``on_minute`` while the tab is looked at, ``on_return`` when it is again.

    ``on_select(id)``: the row under the keyboard is to be selected.
    """
    return _InboxKeys.create(on_minute=on_minute, on_return=on_return, on_select=on_select)


def thread_scroll(*children: Any, thread: Any, class_name: str) -> rx.Component:
    """A scrolling pane that opens at its end and follows what is added or grows there."""
    return _ThreadScroll.create(*children, thread=thread, class_name=class_name)


def draft_keeper(*, thread: Any, sent: Any, draft: Any, **handlers: Any) -> rx.Component:
    """Inside a form with a field ``text``: keeps what was written; ``on_typing`` every 3 s.

    ``draft`` is what the server has; ``on_draft(thread, text)`` some moments after every change.
    """
    return _DraftKeeper.create(thread=thread, sent=sent, draft=draft, **handlers)


def composer_help(*, trigger: str, options: Any, label: Any, empty: Any, starter: Any = None) -> rx.Component:
    """Inside a form with a field ``text``: a list to choose from while ``trigger`` and a word are typed.

    ``options``: objects with title, category and text, or with a name. ``starter``: sign on a button for it.
    """
    begins = {} if starter is None else {"starter": starter}
    return _ComposerHelp.create(trigger=trigger, options=options, label=label, empty=empty, **begins)


def dictation() -> rx.Component:
    """Inside a form with a field ``text``: a button to speak, where somebody can write down what is said."""
    words = {name: t(f"inbox.dictation.{name}") for name in ("label", "stop", "busy", "blocked", "failed")}
    return _Dictation.create(**words)


def customer_typing(*children: Any, thread: Any, last: Any, class_name: str) -> rx.Component:
    """Its children while the customer of this thread is writing."""
    return _CustomerTyping.create(*children, thread=thread, class_name=class_name)


def search_follows(value: Any) -> rx.Component:
    """Beside a search field: shows ``value`` unless somebody is typing."""
    return _SearchFollows.create(value=value)
