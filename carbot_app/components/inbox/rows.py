"""The list of the inbox: filters, search, rows and its empty, loading and error states."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.inbox.browser import address_link, search_follows
from carbot_app.components.inbox.channels import channel_icon
from carbot_app.components.ui import (
    avatar,
    carbot_mark,
    empty_state,
    error_state,
    icon,
    icon_button,
    load_more,
    menu,
    menu_item,
    plate_chip,
    score_meter,
    search_field,
    skeleton,
    text_button,
)
from carbot_app.state.address import set_address
from carbot_app.state.inbox import InboxState
from carbot_app.state.session import SessionState
from carbot_app.state.thread import ThreadState

_INBOX: Any = InboxState
_THREAD_VARS: Any = ThreadState
_SESSION: Any = SessionState

ADDRESS = "/posteingang/"
_MAIN_VIEWS = ("open", "mine", "hot")
_PHONE_VIEWS = ("open", "hot", "mine", "waiting")
_MENU_VIEWS = (("waiting", "clock"), ("done", "check"), ("all", "inbox"))


def inbox_list() -> rx.Component:
    """The left pane."""
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                _segments(), more_filters_menu(), class_name="hidden md:flex items-center gap-1 p-3 pb-2.5"
            ),
            rx.el.div(_chips(), class_name="md:hidden pb-3"),
            _search(),
            class_name="sticky top-0 z-[2] bg-base-200 md:bg-base-100 border-b border-base-300",
        ),
        rx.cond(
            _INBOX.status == "failed",
            rx.el.div(
                error_state(t("inbox.error.list"), "", on_retry=InboxState.load), class_name="px-3 pb-3"
            ),
        ),
        rx.cond(
            _INBOX.rows.length() > 0,
            rx.el.ul(rx.foreach(_INBOX.rows, _row), class_name="cb-rows !rounded-none max-md:bg-base-100"),
            rx.match(
                _INBOX.status,
                ("loading", rx.el.div(skeleton("rows", 6), class_name="p-4")),
                ("ready", _nothing()),
                rx.fragment(),
            ),
        ),
        load_more(has_more=_INBOX.has_more, on_click=InboxState.load_more),
        id="inbox-list",
        aria_label=t("inbox.list"),
        class_name="group/list max-md:min-h-full",
        custom_attrs={"data-searching": rx.cond(_INBOX.search != "", "true", "false")},
    )


def _segments() -> rx.Component:
    return rx.el.nav(
        *(_filter(view, "flex-1") for view in _MAIN_VIEWS),
        class_name="cb-seg cb-seg-fill flex-1 [&>a]:!px-1 min-[1280px]:[&>a]:!px-3",
        aria_label=t("inbox.filters"),
    )


def _chips() -> rx.Component:
    return rx.el.nav(
        *(_filter(view, "cb-chip") for view in _PHONE_VIEWS),
        class_name="cb-chips !px-4 !mx-0",
        aria_label=t("inbox.filters"),
    )


def _filter(view: str, look: str) -> rx.Component:
    return address_link(
        t(f"inbox.view.{view}"),
        rx.el.span(_INBOX.counts[view], class_name="cb-count"),
        href=f"{ADDRESS}?view={view}",
        params={"view": "" if view == "open" else view},
        on_pick=InboxState.pick_view(view),
        class_name=look,
        **{"aria-current": rx.cond(_INBOX.view == view, "true", rx.Var("undefined"))},
    )


def more_filters_menu(*, align: Any = "end") -> rx.Component:
    """Filters that are needed less often."""
    return menu(
        t("inbox.view.more"),
        icon("list-filter", 18),
        *(
            menu_item(
                t(f"inbox.view.{view}"),
                icon=glyph,
                checked=_INBOX.view == view,
                on_click=[set_address(view=view), InboxState.pick_view(view)],
            )
            for view, glyph in _MENU_VIEWS
        ),
        align=align,
    )


def search_button() -> rx.Component:
    """Opens the search field above the list on phones; a desk has the one in the sidebar."""
    show = (
        "const list = document.getElementById('inbox-list'); list.dataset.searching = 'true';"
        "list.querySelector('input[type=search]').focus()"
    )
    return icon_button("search", t("inbox.search_label"), tip=False, on_click=rx.call_script(show))


def _search() -> rx.Component:
    return rx.el.div(
        search_field(
            placeholder=t("inbox.search"),
            label=t("inbox.search_label"),
            on_change=InboxState.find.debounce(250),
            max_length=80,
        ),
        search_follows(_INBOX.search),
        class_name="hidden group-data-[searching=true]/list:block px-4 md:px-3 pb-3",
    )


def _row(row: Any) -> rx.Component:
    return rx.el.li(
        address_link(
            rx.el.span(
                avatar(row.initials, size=44, tint=row.tint, channel=channel_icon(row.channel)),
                class_name="md:hidden pt-0.5",
            ),
            rx.el.span(
                _first_line(row),
                rx.el.span(
                    row.preview,
                    class_name=rx.cond(
                        row.unread, "block cb-truncate mt-0.5", "block cb-truncate cb-muted mt-0.5"
                    ),
                ),
                _third_line(row),
                class_name="block min-w-0 flex-1",
            ),
            href=f"{ADDRESS}?c=" + row.id,
            params={"c": row.id},
            on_pick=ThreadState.open_thread(row.id),
            class_name=[
                "cb-row !items-start !gap-4 !py-3.5",
                rx.cond(row.fresh, "cb-changed", ""),
            ],
            **{
                "aria-current": rx.cond(_THREAD_VARS.conversation_id == row.id, "true", rx.Var("undefined")),
                "data-inbox-row": row.id,
            },
        ),
        rx.cond(
            _SESSION.permissions.contains("inbox.reply") & (_INBOX.view != "done"),
            rx.fragment(
                _swiped(row, "user-check", t("inbox.swipe.take"), InboxState.take_row, "cb-swipe-accent"),
                _swiped(row, "check", t("inbox.thread.done"), InboxState.finish_row, ""),
            ),
        ),
        key=row.id,
        class_name="cb-swipe",
    )


def _swiped(row: Any, glyph: str, label: Any, act: Any, look: str) -> rx.Component:
    """One of the two acts behind a row on phones; the row closes over it."""
    close = "document.querySelectorAll('.cb-swipe').forEach((row) => row.scrollTo({ left: 0 }))"
    return rx.el.button(
        icon(glyph, 22),
        label,
        type="button",
        on_click=[act(row.id), rx.call_script(close)],
        class_name=f"cb-swipe-act {look}",
    )


def _first_line(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(
            rx.cond(row.name != "", row.name, t("inbox.unknown")),
            class_name="cb-truncate font-[620] max-md:text-[1.0625rem] max-md:leading-6",
        ),
        rx.el.span(
            rx.cond(
                row.unread,
                rx.el.span(rx.el.span(t("inbox.sign.unread"), class_name="cb-sr"), class_name="cb-dot"),
            ),
            rx.el.span(_INBOX.ages[row.id], class_name="cb-faint cb-num cb-dense"),
            class_name="ml-auto flex items-center gap-2 flex-none",
        ),
        class_name="flex items-baseline gap-3",
    )


def _third_line(row: Any) -> rx.Component:
    return rx.el.span(
        rx.cond(row.plate.city != "", plate_chip(row.plate.city, row.plate.rest, country=row.plate.country)),
        score_meter(row.heat, row.score),
        rx.el.span(
            _sign(row),
            rx.el.span(
                icon(channel_icon(row.channel), 16), class_name="max-md:hidden cb-faint flex flex-none"
            ),
            class_name="ml-auto flex items-center gap-2 min-w-0",
        ),
        class_name="flex items-center gap-2.5 mt-2 min-h-[19px]",
    )


def _sign(row: Any) -> Any:
    alarm = "cb-err flex items-center gap-1.5 cb-dense font-[600] text-err-ink"
    return rx.match(
        row.sign,
        (
            "answers",
            rx.el.span(
                carbot_mark(16),
                t("inbox.sign.answers"),
                class_name="flex items-center gap-1.5 cb-dense cb-muted",
            ),
        ),
        ("emergency", rx.el.span(icon("st-overdue", 14), t("inbox.sign.emergency"), class_name=alarm)),
        ("complaint", rx.el.span(icon("st-overdue", 14), t("inbox.sign.complaint"), class_name=alarm)),
        (
            "asked",
            rx.el.span(
                icon("st-waiting", 14),
                t("inbox.sign.asked"),
                class_name="flex items-center gap-1.5 cb-dense font-[600] text-warn-ink",
            ),
        ),
        (
            "taken",
            rx.el.span(
                icon("user-check", 15),
                rx.el.span(row.taken_by, class_name="cb-truncate"),
                class_name="flex items-center gap-1.5 cb-dense cb-muted min-w-0",
            ),
        ),
        rx.fragment(),
    )


def _nothing() -> rx.Component:
    clear = text_button(t("inbox.empty.clear_search"), on_click=[set_address(q=""), InboxState.find("")])
    show_open = text_button(
        t("inbox.empty.show_open"), on_click=[set_address(view=""), InboxState.pick_view("open")]
    )
    return rx.cond(
        _INBOX.search != "",
        empty_state("search", t("inbox.empty.search_title"), t("inbox.empty.search_text"), clear),
        rx.cond(
            _INBOX.view == "open",
            empty_state("inbox", t("inbox.empty.open_title"), t("inbox.empty.open_text")),
            empty_state("list-filter", t("inbox.empty.view_title"), t("inbox.empty.view_text"), show_open),
        ),
    )
