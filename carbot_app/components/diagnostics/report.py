"""The report for the customer: its list beside the codes, and the dialog that sends one."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    badge,
    banner,
    button,
    button_link,
    dialog,
    error_state,
    icon,
    select,
    tag,
    textarea,
)
from carbot_app.kit.languages import LANGUAGE_NAMES
from carbot_app.state.diagnosis_report import DiagnosisReportState

_STATE: Any = DiagnosisReportState
_FORM = "diagnosis-report-form"
_LAMPS = ("engine_blinking", "oil", "coolant", "brake", "battery", "power_steering")
_CHANNELS = ("sms", "whatsapp", "mail")


def report_side() -> rx.Component:
    """Reports of this session, and the button that makes one."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("report.staff.title"), class_name="font-[640]"),
            button(
                t("report.staff.button"),
                icon="send",
                on_click=DiagnosisReportState.ask,
                aria_haspopup="dialog",
            ),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.cond(
            _STATE.status == "failed",
            error_state(on_retry=DiagnosisReportState.load),
            rx.cond(
                _STATE.reports.length() > 0,
                rx.el.ul(rx.foreach(_STATE.reports, _report), class_name="grid gap-2.5"),
                rx.el.p(t("report.staff.none"), class_name="cb-dense cb-muted"),
            ),
        ),
        _send_dialog(),
        class_name="grid gap-2.5",
        aria_label=t("report.staff.title"),
    )


def _report(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.when, class_name="font-[620] cb-num"),
            rx.match(
                row.state,
                ("issued", badge("done", t("report.staff.state.issued"))),
                ("expired", badge("overdue", t("report.staff.state.expired"))),
                badge("cancelled", t("report.staff.state.revoked")),
            ),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.el.p(row.told, class_name="cb-dense cb-muted"),
        rx.el.p(row.sent, class_name="cb-dense cb-muted"),
        rx.el.div(
            rx.cond(
                row.state == "issued",
                rx.fragment(
                    button_link(
                        t("report.staff.link"),
                        href=row.link + "?vorschau=1",
                        size="sm",
                        icon="external-link",
                        external=True,
                        target="_blank",
                    ),
                    button_link(
                        t("report.staff.pdf"),
                        href=row.link + "/pdf",
                        size="sm",
                        external=True,
                        target="_blank",
                    ),
                    button(
                        t("report.staff.revoke"),
                        kind="ghost",
                        size="sm",
                        on_click=DiagnosisReportState.revoke(row.id),
                    ),
                ),
            ),
            rx.cond(row.order != "", button_link(t("report.staff.order"), href=row.order, size="sm")),
            class_name="flex flex-wrap gap-2",
        ),
        class_name="cb-card p-3.5 grid gap-1.5",
        key=row.id,
    )


def _send_dialog() -> rx.Component:
    return dialog(
        t("report.staff.send_title"),
        rx.el.form(
            select(
                t("report.staff.lamp"),
                "lamp",
                [("", t("report.staff.lamp_none")), *((lamp, t(f"lamps.name.{lamp}")) for lamp in _LAMPS)],
                value=_STATE.lamp,
                on_change=DiagnosisReportState.choose_lamp,
            ),
            rx.el.div(
                select(
                    t("report.staff.language"),
                    "language",
                    [("", t("report.staff.language_own")), *LANGUAGE_NAMES.items()],
                    value=_STATE.language,
                    on_change=DiagnosisReportState.choose_language,
                ),
                select(
                    t("report.staff.channel"),
                    "channel",
                    [
                        ("", t("report.staff.channel_own")),
                        *((name, t(f"inbox.channel.{name}")) for name in _CHANNELS),
                        ("none", t("report.staff.channel_none")),
                    ],
                ),
                class_name="grid gap-3 sm:grid-cols-2",
            ),
            textarea(
                t("report.staff.note"), "note", help=t("report.staff.note_help"), max_length=600, rows="2"
            ),
            _preview(),
            id=_FORM,
            on_submit=DiagnosisReportState.send,
            class_name="grid gap-3",
        ),
        id="diagnosis-report",
        open=_STATE.asking,
        on_close=DiagnosisReportState.close,
        outside=False,
        actions=[
            button(
                t("report.staff.send"),
                kind="primary",
                icon="send",
                submit=True,
                form=_FORM,
                busy=_STATE.busy,
                disabled=_STATE.problem != "",
            )
        ],
    )


def _preview() -> rx.Component:
    seen = _STATE.preview
    return rx.el.div(
        rx.el.p(t("report.staff.preview"), class_name="cb-dense cb-muted font-[560]"),
        rx.cond(
            _STATE.problem != "",
            banner(_STATE.problem, tone="warn", card=True),
            rx.fragment(
                rx.cond(seen.stop != "", banner(seen.stop, tone="err", icon="sv-critical", card=True)),
                rx.el.p(
                    rx.match(
                        seen.tone,
                        ("ok", tag(seen.level, tone="ok")),
                        ("warn", tag(seen.level, tone="warn")),
                        ("err", tag(seen.level, tone="err")),
                        rx.fragment(),
                    )
                ),
                rx.cond(
                    seen.summary != "",
                    rx.el.div(
                        rx.el.p(t("summary.preview"), class_name="cb-dense cb-muted"),
                        rx.el.p(seen.summary, class_name="whitespace-pre-line break-words"),
                    ),
                ),
                rx.el.ul(rx.foreach(seen.codes, rx.el.li), class_name="grid gap-1"),
                rx.el.ul(
                    rx.foreach(
                        seen.offers,
                        lambda offer: rx.el.li(
                            rx.el.span(offer[0], class_name="min-w-0"),
                            rx.el.span(offer[1], class_name="cb-num font-[620] whitespace-nowrap"),
                            class_name="flex items-baseline justify-between gap-3",
                        ),
                    ),
                    class_name="grid gap-1",
                ),
                rx.cond(
                    seen.slot != "",
                    rx.el.p(
                        icon("clock", 15),
                        rx.el.span(seen.slot),
                        class_name="flex items-center gap-2 cb-muted",
                    ),
                ),
            ),
        ),
        class_name="grid gap-2 justify-items-stretch border-t border-base-300 pt-3",
        aria_live="polite",
    )
