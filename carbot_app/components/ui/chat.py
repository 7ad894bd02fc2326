"""Conversation: who said what is told by side, shape, colour and name."""

from typing import Any, Literal

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui.buttons import button, text_button
from carbot_app.components.ui.icons import carbot_mark
from carbot_app.components.ui.icons import icon as draw_icon
from carbot_app.components.ui.markup import classes, when
from carbot_app.components.ui.people import avatar
from carbot_app.components.ui.surfaces import banner

Author = Literal["customer", "assistant", "staff", "self"]

_SUBMIT = "{ e.preventDefault(); e.currentTarget.form.requestSubmit(); }"
_SEND_KEYS = {
    "ctrl_enter": rx.Var(f'(e) => {{ if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {_SUBMIT} }}'),
    # isComposing: Enter that only ends an input method's word must not send
    "enter": rx.Var(
        f'(e) => {{ if (e.key === "Enter" && !e.shiftKey && !e.nativeEvent.isComposing) {_SUBMIT} }}'
    ),
}


def chat_log(*messages: Any, label: Any, **props: Any) -> rx.Component:
    """The thread; new messages are read aloud politely."""
    return rx.el.div(
        *messages,
        role="log",
        aria_label=label,
        tab_index=0,
        class_name=classes("cb-thread", props.pop("class_name", "")),
        **props,
    )


def bubble(
    author: Author,
    *content: Any,
    foot: Any = None,
    initials: Any = None,
    tint: Any = 0,
    danger: bool = False,
) -> rx.Component:
    """A message for staff's view: customer left; assistant (with mark) and staff (with initials) right.

    In the customer's own view use ``"self"`` (right, accent) and ``"customer"``-side bubbles for answers.
    ``content`` may hold slot buttons; ``foot`` is author, time, "gelesen".
    """
    at_end = author != "customer"
    sign = {
        "assistant": lambda: carbot_mark(26),
        "self": lambda: None,
    }.get(author, lambda: avatar(initials, size=26, tint=tint) if initials is not None else None)()
    look = f"cb-bubble cb-bubble-{author}" + (" cb-bubble-danger" if danger else "")
    body = rx.el.div(*content, class_name=look)
    row = [body, sign] if at_end else [sign, body]
    return rx.el.div(
        *(part for part in row if part is not None),
        *([rx.el.div(foot, class_name="cb-msg-foot")] if foot is not None else []),
        class_name=classes("cb-msg", "cb-msg-end" if at_end else ""),
    )


def answer_bubble(*content: Any, foot: Any = None, danger: bool = False) -> rx.Component:
    """CarBot's or the workshop's message in the customer's own view: left, quiet."""
    look = classes("cb-bubble", "cb-bubble-danger" if danger else "")
    return rx.el.div(
        rx.el.div(*content, class_name=look),
        *([rx.el.div(foot, class_name="cb-msg-foot")] if foot is not None else []),
        class_name="cb-msg",
    )


def system_line(*content: Any, icon: str | None = None) -> rx.Component:
    """Centred line: a day, or who took over."""
    glyph = [draw_icon(icon, 16)] if icon is not None else []
    return rx.el.div(rx.el.span(*glyph, *content), class_name="cb-sysline")


def typing_bubble(author: Any = None) -> rx.Component:
    """Three dots while the answer is being written."""
    name = author if author is not None else t("ui.chat.assistant")
    return rx.el.div(
        rx.el.div(
            rx.el.span(*(rx.el.span() for _ in range(3)), class_name="cb-typing", aria_hidden="true"),
            rx.el.span(name, " ", t("ui.chat.typing"), class_name="cb-sr"),
            class_name="cb-bubble",
        ),
        class_name="cb-msg",
    )


def paused_banner(name: Any, time: Any, *, on_give_back: Any) -> rx.Component:
    """Amber bar while a person writes and CarBot is silent."""
    short = rx.el.button(
        t("staff.paused.give_back_short"),
        type="button",
        on_click=on_give_back,
        class_name="cb-banner-action sm:hidden",
    )
    long = button(t("staff.paused.give_back"), on_click=on_give_back, size="sm", class_name="cb-hide-phone")
    return banner(
        rx.el.span(t("staff.paused.text", name=name, time=time), class_name="cb-hide-phone"),
        title=t("staff.paused.title"),
        action=rx.el.span(short, long),
    )


def draft_card(
    text: Any, *, sources: Any = None, on_send: Any, on_edit: Any, on_discard: Any, busy: Any = None
) -> rx.Component:
    """CarBot's draft above the composer: not sent yet, with its sources.

    ``text`` may hold ``fact(...)`` parts; ``sources`` is a list of ``source(...)`` or a foreach of them.
    """
    cited = sources if isinstance(sources, list) else [sources]
    return rx.el.section(
        rx.el.div(
            carbot_mark(20),
            rx.el.strong(t("staff.draft.title")),
            rx.el.span(t("staff.draft.not_sent"), class_name="cb-muted"),
            class_name="cb-draft-head",
        ),
        rx.el.div(text, class_name="cb-draft-text"),
        *(
            [rx.el.div(rx.el.span(t("staff.draft.sources")), *cited, class_name="cb-sources")]
            if sources is not None
            else []
        ),
        rx.el.div(
            button(t("staff.draft.discard"), kind="ghost", on_click=on_discard),
            rx.el.span(class_name="flex-1"),
            button(t("staff.draft.edit"), icon="pencil", on_click=on_edit),
            button(t("staff.draft.send"), kind="primary", icon="send", on_click=on_send, busy=busy),
            class_name="cb-draft-foot",
        ),
        class_name="cb-draft",
        aria_label=t("staff.draft.title"),
    )


def fact(text: Any) -> rx.Component:
    """A part of a draft that came from a tool: price, hour, slot."""
    return rx.el.mark(text, class_name="cb-fact")


def source(icon: Any, text: Any) -> rx.Component:
    """Where a fact came from."""
    return rx.el.span(draw_icon(icon, 15), " ", text)


def composer(
    *,
    name: str = "message",
    label: Any,
    value: Any,
    on_change: Any,
    on_send: Any,
    placeholder: Any = None,
    note: Any = None,
    on_take_over: Any = None,
    take_over: Any = None,
    tools: Any = None,
    send_label: Any = None,
    busy: Any = None,
    max_length: int = 4000,
    send_on: Literal["ctrl_enter", "enter"] = "ctrl_enter",
) -> rx.Component:
    """Where a message is written: a note who is answering, the text, tools left and Senden right.

    ``send_on``: staff sends with Ctrl or Cmd and Enter, customers with Enter (Shift+Enter breaks the line).
    """
    head = []
    if note is not None:
        take = (
            [text_button(take_over, on_click=on_take_over, class_name="ml-auto")]
            if take_over is not None
            else []
        )
        head = [rx.el.div(carbot_mark(18), rx.el.span(note), *take, class_name="cb-composer-note")]
    return rx.el.form(
        *head,
        rx.el.textarea(
            name=name,
            aria_label=label,
            value=value,
            on_change=on_change,
            placeholder=placeholder if placeholder is not None else "",
            max_length=max_length,
            rows="2",
            custom_attrs={"onKeyDown": _SEND_KEYS[send_on]},
        ),
        rx.el.div(
            *(tools or []),
            rx.el.span(class_name="flex-1"),
            button(
                send_label if send_label is not None else t("staff.draft.send"),
                kind="primary",
                icon="send",
                submit=True,
                busy=busy,
            ),
            class_name="cb-composer-foot",
        ),
        on_submit=on_send,
        class_name="cb-composer",
    )


def slot_choice(label: Any, *, chosen: Any = False, **props: Any) -> rx.Component:
    """A free time offered inside a message."""
    return rx.el.button(
        when(chosen, draw_icon("check", 16)),
        label,
        type="button",
        class_name="cb-btn cb-btn-outline",
        aria_pressed=chosen,
        **props,
    )
