"""Revenue by service and technician; the audit log and its archive."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    banner,
    bar,
    button,
    card,
    chips,
    empty_state,
    error_state,
    field,
    icon,
    rows,
    section_head,
    segmented,
    skeleton,
    tag,
)
from carbot_app.state.accounting_review import RANGES, AuditState, RevenueState

_REVENUE: Any = RevenueState
_AUDIT: Any = AuditState


def revenue_panel() -> rx.Component:
    """The largest first, with a bar for its share."""
    return rx.el.div(
        rx.el.div(
            chips(
                t("accounting.revenue.range"),
                "span",
                [(name, t(f"accounting.revenue.{name}")) for name in RANGES],
                value=_REVENUE.span,
                on_change=RevenueState.choose_span,
            ),
            segmented(
                t("accounting.tab.revenue"),
                "by",
                [(by, t(f"accounting.revenue.{by}")) for by in ("services", "technicians")],
                value=_REVENUE.by,
                on_change=RevenueState.choose_by,
            ),
            class_name="flex flex-wrap items-center gap-3 min-w-0",
        ),
        rx.cond(_REVENUE.status == "failed", error_state(on_retry=RevenueState.load)),
        card(
            rx.cond(
                _REVENUE.status == "loading",
                rx.el.div(skeleton("rows", 5), class_name="p-4"),
                rx.cond(
                    _REVENUE.lines.length() > 0,
                    rows(rx.foreach(_REVENUE.lines, _earning)),
                    empty_state("chart-no-axes-column", t("accounting.revenue.empty")),
                ),
            ),
            pad=False,
            aria_label=t("accounting.tab.revenue"),
        ),
        class_name="grid grid-cols-1 gap-4",
    )


def _earning(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(line.name, class_name="block cb-truncate font-[600]"),
            rx.cond(line.detail != "", rx.el.span(line.detail, class_name="block cb-muted cb-dense cb-num")),
            class_name="min-w-0 flex-1",
        ),
        rx.el.span(
            bar(line.percent, label=line.percent.to(str) + " %"),
            class_name="max-md:hidden w-[180px] flex-none",
        ),
        rx.el.span(
            rx.el.span(line.net, class_name="block font-[600] cb-num"),
            rx.el.span(line.margin, class_name="block cb-muted cb-dense cb-num"),
            class_name="text-right flex-none min-w-[130px]",
        ),
        class_name="cb-row",
        key=line.id,
    )


def audit_panel() -> rx.Component:
    """Is the log whole, and the archive for the tax office."""
    return rx.el.div(_chain(), _archive(), class_name="grid grid-cols-1 lg:grid-cols-2 gap-4 items-start")


def _chain() -> rx.Component:
    return card(
        section_head(t("accounting.audit.chain")),
        rx.el.p(t("accounting.audit.chain_text"), class_name="cb-muted mt-1"),
        rx.el.div(
            button(
                t("accounting.audit.verify"),
                icon="shield-check",
                busy=_AUDIT.busy,
                on_click=AuditState.verify,
            ),
            class_name="mt-4",
        ),
        rx.el.div(
            rx.cond(
                _AUDIT.checked,
                rx.el.div(
                    rx.el.p(
                        rx.cond(
                            _AUDIT.whole,
                            tag(t("accounting.audit.whole"), tone="ok", icon_name="check"),
                            tag(t("accounting.audit.broken"), tone="err", icon_name="st-overdue"),
                        ),
                        rx.el.span(_AUDIT.entries, class_name="cb-num"),
                        class_name="flex items-center gap-3",
                    ),
                    rx.el.p(_AUDIT.at, class_name="cb-muted cb-dense"),
                    rx.cond(
                        _AUDIT.whole,
                        rx.el.p(
                            t("accounting.audit.hash"),
                            ": ",
                            rx.el.code(_AUDIT.mark, class_name="break-all cb-num"),
                            class_name="cb-muted cb-dense",
                        ),
                        banner(t("accounting.audit.broken_at", id=_AUDIT.broken_id), tone="err", card=True),
                    ),
                    class_name="grid gap-2 mt-4",
                ),
            ),
            role="status",
        ),
        aria_label=t("accounting.audit.chain"),
    )


def _archive() -> rx.Component:
    return card(
        section_head(t("accounting.audit.gobd")),
        rx.el.p(t("accounting.audit.gobd_text"), class_name="cb-muted mt-1"),
        rx.el.form(
            rx.el.div(
                field(t("accounting.audit.first"), "first", type="date", default_value=_AUDIT.first),
                field(t("accounting.audit.last"), "last", type="date", default_value=_AUDIT.last),
                class_name="grid grid-cols-2 gap-3",
            ),
            rx.el.div(
                button(t("accounting.audit.download"), icon="download", submit=True, busy=_AUDIT.exporting)
            ),
            key=_AUDIT.first,
            on_submit=AuditState.export,
            no_validate=True,
            class_name="grid gap-4 mt-4",
        ),
        rx.el.p(
            icon("info", 15, class_name="flex-none mt-0.5"),
            rx.el.span(t("accounting.cash_rule")),
            class_name="cb-muted cb-dense flex gap-2 mt-5",
        ),
        aria_label=t("accounting.audit.gobd"),
    )
