"""What the codes mean: danger, cause, first check, price."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    badge,
    banner,
    button,
    card,
    close_dialog,
    dialog,
    empty_state,
    error_state,
    icon,
    open_dialog,
    severity,
    skeleton,
    tag,
    textarea,
)
from carbot_app.state.diagnosis import DiagnosisState
from carbot_app.state.diagnosis_codes import DiagnosisCodesState

_CODES: Any = DiagnosisCodesState
_SESSION: Any = DiagnosisState.session
_CLEAR = "diagnosis-clear"


def meaning_side(*below: rx.Component) -> rx.Component:
    """The codes, most urgent first; the first is open. ``below``: what is made of them."""
    return rx.el.section(
        _head(),
        rx.match(
            _CODES.status,
            ("loading", card(skeleton("rows", 3))),
            ("failed", error_state(on_retry=DiagnosisCodesState.load)),
            ("unread", _unread()),
            rx.fragment(
                rx.cond(
                    _CODES.codes.length() > 0,
                    rx.fragment(rx.foreach(_CODES.codes, _code)),
                    _nothing(),
                ),
                rx.cond(_CODES.has_readiness, _readiness()),
                _foot(),
            ),
        ),
        *below,
        _clear_dialog(),
        class_name="cb-diag-meaning",
        aria_label=t("diagnosis.codes.title"),
    )


def _unread() -> rx.Component:
    return card(empty_state("activity", t("diagnosis.codes.unread"), action=_read_button("read")))


def _nothing() -> rx.Component:
    return card(empty_state("circle-check", t("diagnosis.codes.none"), t("diagnosis.codes.none_text")))


def _head() -> rx.Component:
    return rx.el.div(
        rx.el.h2(t("diagnosis.codes.title"), class_name="font-[640]"),
        rx.cond(
            _CODES.mil, tag(t("diagnosis.codes.mil"), tone="warn", icon_name="triangle-alert"), rx.fragment()
        ),
        class_name="flex flex-wrap items-center justify-between gap-2 min-h-8",
    )


def _read_button(word: str) -> Any:
    return rx.cond(
        _SESSION.live & DiagnosisState.may_run,
        button(t(f"diagnosis.codes.{word}"), icon="refresh-cw", on_click=DiagnosisCodesState.read),
    )


def _code(one: Any) -> rx.Component:
    is_open = _CODES.opened == one.code
    return rx.el.article(
        rx.el.h3(
            rx.el.button(
                rx.el.span(one.code, class_name="text-[1.125rem] font-[680] cb-num"),
                rx.cond(is_open, rx.fragment(), rx.el.span(one.title, class_name="cb-truncate font-[480]")),
                rx.el.span(severity(one.severity), class_name="ml-auto shrink-0"),
                icon(rx.cond(is_open, "chevron-up", "chevron-down"), 18),
                type="button",
                aria_expanded=is_open,
                on_click=DiagnosisCodesState.toggle(one.code),
                class_name="flex w-full items-center gap-2.5 min-h-12 text-left",
            )
        ),
        rx.cond(is_open, _meaning(one)),
        class_name="cb-card px-3.5 py-1.5",
        key=one.code,
    )


def _meaning(one: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(one.title, class_name="text-[1rem] font-[620]"),
            rx.el.p(one.kind, " · ", one.where, class_name="cb-dense cb-muted"),
        ),
        _advice(one),
        rx.cond(one.causes.length() > 0, _causes(one)),
        rx.cond(
            one.check != "",
            rx.el.div(
                rx.el.p(t("diagnosis.codes.first"), class_name=_SMALL),
                rx.el.p(
                    icon("clipboard-check", 16, class_name="mt-0.5"), rx.el.span(one.check), class_name=_ROW
                ),
                class_name="grid gap-1",
            ),
        ),
        _price(one),
        rx.cond(one.freeze.length() > 0, _freeze(one)),
        class_name="grid gap-3.5 pb-2.5",
    )


_SMALL = "cb-dense cb-muted font-[560]"
_ROW = "flex items-start gap-2"


def _advice(one: Any) -> Any:
    words = rx.el.div(rx.el.p(one.safe_text, class_name="font-[620]"), rx.el.p(one.advice))
    return rx.match(
        one.safe,
        ("no", banner(words, tone="err", icon="octagon-alert", card=True)),
        ("limited", banner(words, tone="warn", icon="triangle-alert", card=True)),
        banner(words, tone="ok", icon="circle-check", card=True),
    )


def _causes(one: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(t("diagnosis.codes.causes"), class_name=_SMALL),
        rx.el.ol(
            rx.foreach(
                one.causes,
                lambda cause: rx.el.li(
                    rx.el.span(cause.rank, class_name="cb-cause-rank", aria_hidden="true"),
                    rx.el.span(
                        rx.el.span(cause.name, class_name="block"),
                        rx.cond(
                            cause.reason != "",
                            rx.el.span(cause.reason, class_name="block cb-dense cb-muted"),
                        ),
                    ),
                    rx.el.span(
                        rx.el.span(rx.el.span(style={"width": cause.share}), class_name="cb-cause-bar"),
                        rx.el.span(cause.likelihood, class_name="cb-dense cb-muted"),
                        class_name="grid gap-0.5",
                    ),
                    class_name="cb-cause",
                ),
            ),
            class_name="grid gap-1",
        ),
        class_name="grid gap-1.5",
    )


def _price(one: Any) -> rx.Component:
    return rx.cond(
        one.service != "",
        rx.el.div(
            rx.el.div(
                rx.el.p(one.service_name, class_name="font-[620] min-w-0"),
                rx.el.p(one.price, class_name="cb-num font-[660] whitespace-nowrap"),
                class_name="flex items-baseline justify-between gap-3",
            ),
            rx.el.p(t("diagnosis.codes.minutes", minutes=one.minutes), class_name="cb-dense cb-muted"),
            rx.cond(
                _CODES.may_estimate & (_SESSION.vehicle_id != ""),
                button(
                    t("diagnosis.codes.estimate"),
                    kind="primary",
                    icon="file-plus",
                    on_click=DiagnosisCodesState.estimate(one.code),
                    disabled=_CODES.busy,
                    block=True,
                ),
            ),
            class_name="grid gap-2 border-t border-base-300 pt-3",
        ),
        rx.el.p(
            t("diagnosis.codes.no_service"), class_name="cb-dense cb-muted border-t border-base-300 pt-3"
        ),
    )


def _freeze(one: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(t("diagnosis.codes.freeze"), class_name=_SMALL),
        rx.el.dl(
            rx.foreach(
                one.freeze,
                lambda value: rx.el.div(
                    rx.el.dt(value.name, class_name="cb-dense cb-muted"),
                    rx.el.dd(value.value, class_name="cb-num font-[620]"),
                ),
            ),
            class_name="grid grid-cols-2 gap-x-4 gap-y-2",
        ),
        class_name="grid gap-1.5",
    )


def _readiness() -> rx.Component:
    return rx.el.div(
        rx.el.p(t("diagnosis.codes.readiness"), class_name="font-[620]"),
        rx.cond(
            _CODES.incomplete.length() > 0,
            rx.el.p(
                t("diagnosis.codes.unready_some", names=_CODES.incomplete.join(", ")), class_name="cb-muted"
            ),
            badge("done", t("diagnosis.codes.ready")),
        ),
        class_name="cb-card p-3.5 grid gap-1.5 justify-items-start",
    )


def _foot() -> rx.Component:
    return rx.el.div(
        rx.el.p(t("diagnosis.codes.read_at", when=_CODES.read_at), class_name="cb-dense cb-muted"),
        rx.el.ul(
            rx.foreach(
                _CODES.clearings,
                lambda row: rx.el.li(
                    rx.el.span(row.title, class_name="block font-[560]"),
                    rx.el.span(row.detail, class_name="block cb-dense cb-muted"),
                ),
            ),
            class_name="grid gap-2",
        ),
        rx.cond(
            _SESSION.live,
            rx.el.div(
                _read_button("again"),
                rx.cond(
                    _CODES.may_clear & (_CODES.codes.length() > 0),
                    button(
                        t("diagnosis.codes.clear"),
                        kind="ghost",
                        icon="trash-2",
                        on_click=open_dialog(_CLEAR),
                        aria_haspopup="dialog",
                    ),
                ),
                class_name="flex flex-wrap gap-2",
            ),
        ),
        class_name="grid gap-2.5",
    )


def _clear_dialog() -> rx.Component:
    return dialog(
        t("diagnosis.codes.clear_question"),
        rx.el.form(
            rx.el.p(t("diagnosis.codes.clear_text"), class_name="pb-3"),
            textarea(t("diagnosis.codes.clear_reason"), "reason", required=True, max_length=300, rows="2"),
            id=f"{_CLEAR}-form",
            on_submit=[DiagnosisCodesState.clear, close_dialog(_CLEAR)],
            reset_on_submit=True,
        ),
        id=_CLEAR,
        actions=[button(t("diagnosis.codes.clear"), kind="destructive", submit=True, form=f"{_CLEAR}-form")],
    )
