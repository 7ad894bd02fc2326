"""What the browser does by itself in the inbox; see assets/inbox/inbox.js."""

from typing import Any

import reflex as rx

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


class _ThreadScroll(rx.Component):
    library = _LIBRARY
    tag = "ThreadScroll"

    thread: rx.Var[str]
    last: rx.Var[int]


class _DraftKeeper(rx.Component):
    library = _LIBRARY
    tag = "DraftKeeper"

    thread: rx.Var[str]
    sent: rx.Var[int]
    on_typing: rx.EventHandler[rx.event.no_args_event_spec]


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


def inbox_keys(*, on_minute: Any, on_return: Any) -> rx.Component:
    """j, k, arrows, r and e; ``on_minute`` while the tab is looked at, ``on_return`` when it is again."""
    return _InboxKeys.create(on_minute=on_minute, on_return=on_return)


def thread_scroll(*children: Any, thread: Any, last: Any, class_name: str) -> rx.Component:
    """A scrolling pane that opens at its end and follows new messages."""
    return _ThreadScroll.create(*children, thread=thread, last=last, class_name=class_name)


def draft_keeper(*, thread: Any, sent: Any, on_typing: Any) -> rx.Component:
    """Inside a form with a field ``text``: keeps what was written; ``on_typing`` every 3 s."""
    return _DraftKeeper.create(thread=thread, sent=sent, on_typing=on_typing)


def customer_typing(*children: Any, thread: Any, last: Any, class_name: str) -> rx.Component:
    """Its children while the customer of this thread is writing."""
    return _CustomerTyping.create(*children, thread=thread, last=last, class_name=class_name)


def search_follows(value: Any) -> rx.Component:
    """Beside a search field: shows ``value`` unless somebody is typing."""
    return _SearchFollows.create(value=value)
