"""The middle of the inbox: who it is, what was said, who is answering, and the answer."""

from typing import Any, Literal

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.inbox.browser import (
    address_link,
    composer_help,
    customer_typing,
    dictation,
    draft_keeper,
    thread_scroll,
)
from carbot_app.components.inbox.channels import outage_banners, refusal, way_choice
from carbot_app.components.inbox.desk import desk_strip
from carbot_app.components.inbox.messages import entry_view
from carbot_app.components.inbox.notes import note_composer, note_link
from carbot_app.components.inbox.side import call_button, side_content
from carbot_app.components.inbox.suggestion import suggestion_card
from carbot_app.components.ui import (
    avatar,
    badge,
    banner,
    button,
    button_link,
    carbot_mark,
    chat_log,
    empty_state,
    form_error,
    icon,
    icon_button,
    kbd,
    menu,
    menu_item,
    open_dialog,
    pane,
    plate_chip,
    score_meter,
    skeleton,
    text_button,
)
from carbot_app.state.beside import BesideState
from carbot_app.state.thread import ThreadState

_THREAD_VARS: Any = ThreadState
_BESIDE: Any = BesideState

_HEAD = _THREAD_VARS.head
_DETAILS = "thread-details"
_PHONE_BUBBLES = (
    "max-md:[&_.cb-msg>.cb-avatar]:hidden max-md:[&_.cb-msg:has(>.cb-avatar)]:gap-x-0 "
    "max-md:[&_.cb-bubble-customer]:bg-base-100 "
    "max-md:[&_.cb-bubble-customer]:border max-md:[&_.cb-bubble-customer]:border-base-300"
)
"""On the phone's own ground the customer's bubbles are white, and the discs give way to text."""
_SCROLL = (
    f"flex-1 min-h-0 overflow-y-auto overscroll-contain flex flex-col px-4 py-5 md:px-5 {_PHONE_BUBBLES}"
)
_SEND_KEYS = rx.Var(
    '(e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) '
    "{ e.preventDefault(); e.currentTarget.form.requestSubmit(); } }"
)


def thread_pane() -> rx.Component:
    """The open thread, or a hint to choose one."""
    return rx.el.section(
        rx.match(
            _THREAD_VARS.status,
            ("ready", _thread()),
            ("loading", rx.el.div(skeleton("thread", 4), class_name="p-6")),
            _none(),
        ),
        pane(
            t("inbox.thread.details"), rx.el.div(side_content(), class_name="-mx-5 -mt-4 -mb-5"), id=_DETAILS
        ),
        class_name="flex flex-col h-full !overflow-hidden max-md:bg-base-200",
        aria_label=t("inbox.thread.log"),
    )


def _none() -> rx.Component:
    return rx.el.div(
        empty_state("message-square-text", t("inbox.none.title"), t("inbox.none.text")),
        class_name="grid place-items-center h-full",
    )


def _thread() -> rx.Component:
    return rx.el.div(
        _header(),
        desk_strip(_THREAD_VARS.conversation_id, may_change=_THREAD_VARS.can_reply),
        outage_banners(),
        rx.cond(_HEAD.mode != "assistant", _paused()),
        thread_scroll(
            rx.el.div(class_name="flex-1"),
            chat_log(
                rx.foreach(_THREAD_VARS.entries, entry_view),
                label=t("inbox.thread.log"),
                class_name="w-full max-w-[860px] mx-auto",
            ),
            thread=_THREAD_VARS.conversation_id,
            class_name=_SCROLL,
        ),
        rx.cond(_THREAD_VARS.can_reply, _answer()),
        class_name="flex flex-col h-full min-h-0",
    )


def _header() -> rx.Component:
    return rx.el.header(
        address_link(
            icon("chevron-left", 22),
            href="/posteingang/",
            params={"c": ""},
            on_pick=ThreadState.close,
            class_name="cb-btn cb-btn-ghost cb-btn-square md:hidden -ml-2",
            **{"aria-label": t("inbox.thread.back")},
        ),
        rx.el.span(avatar(_HEAD.initials, size=36, tint=_HEAD.tint), class_name="max-md:hidden flex"),
        _title(),
        rx.el.span(
            rx.match(
                _HEAD.alarm,
                ("emergency", badge("urgent", t("inbox.sign.emergency"))),
                ("complaint", badge("complaint")),
                rx.fragment(),
            ),
            class_name="max-lg:hidden flex",
        ),
        call_button(),
        icon_button(
            "info",
            t("inbox.thread.details"),
            on_click=open_dialog(_DETAILS),
            class_name="max-md:!hidden min-[1280px]:!hidden",
            tip=False,
        ),
        rx.cond(_THREAD_VARS.can_reply, rx.el.span(_done_button(), class_name="max-md:hidden flex")),
        rx.el.span(_phone_menu(), class_name="md:hidden flex -mr-2"),
        class_name=(
            "flex items-center gap-2 md:gap-2.5 flex-none min-h-[57px] px-4 md:px-4 py-2 bg-base-100 "
            "border-b border-base-300 max-md:pt-[calc(8px+env(safe-area-inset-top))]"
        ),
    )


def _title() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            # On phones the thread is the page, its name the page's title
            rx.el.h1(_name(), class_name="cb-heading cb-truncate !text-[1.125rem] md:hidden"),
            rx.el.h2(_name(), class_name="cb-heading cb-truncate max-md:hidden"),
            rx.el.span(score_meter(_HEAD.heat, _HEAD.score), class_name="max-md:hidden flex-none"),
            class_name="flex items-baseline gap-2 min-w-0",
        ),
        rx.el.p(
            rx.cond(
                _HEAD.plate.city != "",
                rx.el.span(
                    plate_chip(_HEAD.plate.city, _HEAD.plate.rest, country=_HEAD.plate.country),
                    class_name="md:hidden flex",
                ),
            ),
            rx.el.span(_HEAD.subtitle, class_name="max-md:hidden cb-truncate"),
            rx.el.span(
                _HEAD.channel_name,
                rx.cond(_HEAD.language != "", " · " + _HEAD.language, ""),
                class_name="md:hidden cb-truncate",
            ),
            class_name="flex items-center gap-2 cb-dense cb-muted min-w-0",
        ),
        class_name="min-w-0 flex-1 grid gap-0.5",
    )


def _name() -> Any:
    return rx.cond(_HEAD.name != "", _HEAD.name, t("inbox.unknown"))


def _done_button() -> rx.Component:
    def one(label: str, glyph: str, done: bool) -> rx.Component:
        return button(
            t(label),
            icon=glyph,
            on_click=ThreadState.set_done(done),
            aria_keyshortcuts="e",
            custom_attrs={"data-inbox-done": "true"},
        )

    return rx.cond(
        _HEAD.done,
        one("inbox.thread.reopen", "rotate-ccw", False),
        one("inbox.thread.done", "check", True),
    )


def _phone_menu() -> rx.Component:
    reopen = menu_item(t("inbox.thread.reopen"), icon="rotate-ccw", on_click=ThreadState.set_done(False))
    done = menu_item(t("inbox.thread.done"), icon="check", on_click=ThreadState.set_done(True))
    return menu(
        t("inbox.thread.more"),
        icon("ellipsis", 22),
        menu_item(t("inbox.thread.details"), icon="info", on_click=open_dialog(_DETAILS)),
        rx.cond(_THREAD_VARS.can_reply, rx.cond(_HEAD.done, reopen, done)),
        align="end",
    )


def _paused() -> rx.Component:
    give_back = rx.fragment(
        rx.el.button(
            carbot_mark(16),
            rx.el.span(t("inbox.paused.give_back")),
            type="button",
            on_click=ThreadState.hand_back,
            class_name="cb-btn cb-btn-outline cb-btn-sm max-md:!hidden",
        ),
        rx.el.button(
            t("inbox.paused.give_back_short"),
            type="button",
            on_click=ThreadState.hand_back,
            class_name="cb-banner-action md:hidden min-h-11",
        ),
    )
    return rx.cond(
        _HEAD.mode == "waiting",
        banner(_HEAD.pause_text, title=t("inbox.paused.waiting_title"), action=rx.el.span(give_back)),
        banner(_HEAD.pause_text, title=t("inbox.paused.title"), action=rx.el.span(give_back)),
    )


def _answer() -> rx.Component:
    return rx.el.div(
        customer_typing(
            rx.el.span(*(rx.el.span() for _ in range(3)), class_name="cb-typing", aria_hidden="true"),
            rx.cond(
                _HEAD.name != "",
                t("inbox.thread.typing", name=_HEAD.name),
                t("inbox.thread.typing_unknown"),
            ),
            thread=_THREAD_VARS.conversation_id,
            last=_THREAD_VARS.entries.length(),
            class_name="flex items-center gap-2 min-h-6 px-1 cb-dense cb-muted",
        ),
        rx.cond(_BESIDE.composing != "note", suggestion_card()),
        rx.cond(
            _BESIDE.composing == "note",
            note_composer(),
            rx.cond(_HEAD.can_write, _composer(), rx.fragment(_other_ways(), note_link())),
        ),
        class_name=(
            "flex-none px-4 md:px-5 md:pb-5 pb-[calc(12px+env(safe-area-inset-bottom))] "
            "w-full max-w-[900px] mx-auto"
        ),
    )


def _composer() -> rx.Component:
    return rx.el.form(
        rx.cond(
            _HEAD.mode == "assistant",
            rx.el.div(
                carbot_mark(18),
                rx.el.span(t("inbox.compose.answering")),
                text_button(
                    t("inbox.compose.take_over"),
                    on_click=ThreadState.take_over,
                    class_name="ml-auto flex-none",
                ),
                class_name="cb-composer-note",
            ),
        ),
        refusal(),
        rx.el.textarea(
            name="text",
            rows="2",
            aria_label=t("inbox.compose.label"),
            aria_keyshortcuts="r",
            placeholder=rx.cond(
                _HEAD.name != "",
                t("inbox.compose.to", name=_HEAD.name),
                t("inbox.compose.to_unknown"),
            ),
            custom_attrs={"onKeyDown": _SEND_KEYS, "data-inbox-reply": "true"},
        ),
        rx.el.div(form_error(_THREAD_VARS.reply_error), class_name="px-3 empty:hidden"),
        _composer_foot(),
        draft_keeper(
            thread=_THREAD_VARS.conversation_id,
            sent=_THREAD_VARS.sent_count,
            draft=_BESIDE.draft,
            on_typing=ThreadState.tell_typing,
            on_draft=BesideState.keep_draft,
        ),
        on_submit=ThreadState.send,
        class_name="cb-composer @container",
    )


def _composer_foot() -> rx.Component:
    return rx.el.div(
        composer_help(
            trigger="/",
            options=_BESIDE.replies,
            label=t("desk.canned.open"),
            empty=t("desk.canned.none"),
            starter="/",
        ),
        dictation(),
        note_link(),
        rx.cond(
            _HEAD.language != "",
            rx.el.span(
                icon("languages", 16),
                t("inbox.thread.writes_in", language=_HEAD.language),
                # On phones the head says it
                class_name=(
                    "max-md:hidden @max-[36rem]:hidden flex items-center gap-1.5 cb-dense cb-muted px-1"
                ),
            ),
        ),
        way_choice(),
        rx.el.span(class_name="flex-1"),
        rx.el.span(
            kbd(t("inbox.compose.key_ctrl")),
            kbd(t("inbox.compose.key_enter")),
            class_name="max-md:hidden @max-[36rem]:hidden flex gap-1",
            aria_hidden="true",
        ),
        rx.cond(_THREAD_VARS.side.visit.can_confirm, _send("outline"), _send("primary")),
        class_name="cb-composer-foot",
    )


def _send(kind: Literal["primary", "outline"]) -> rx.Component:
    """Primary unless an appointment waits to be confirmed beside it."""
    return button(t("inbox.compose.send"), kind=kind, icon="send", submit=True, busy=_THREAD_VARS.busy)


def _other_ways() -> rx.Component:
    return rx.el.div(
        rx.el.p(t("inbox.compose.booking_only"), class_name="cb-muted flex-1 min-w-[14rem]"),
        rx.cond(
            _HEAD.phone_href != "",
            button_link(t("inbox.thread.call_short"), href=_HEAD.phone_href, icon="phone", external=True),
        ),
        rx.cond(
            _THREAD_VARS.side.email != "",
            button_link(
                t("inbox.compose.mail"),
                href="mailto:" + _THREAD_VARS.side.email,
                icon="mail",
                external=True,
            ),
        ),
        class_name="cb-card cb-card-pad flex flex-wrap items-center gap-2",
    )
