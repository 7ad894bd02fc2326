"""The button "Bericht" and its pane: which report of which days, how far it is, and the file."""

from typing import Any

import reflex as rx

from carbot_app.components.analytics.report_fields import column_field, form_field, template_field
from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    badge,
    banner,
    bar,
    button,
    button_link,
    field,
    icon_button,
    link,
    pane,
    text_button,
)
from carbot_app.state.report_wish import ReportWishState

_WISH: Any = ReportWishState


class _Picture(rx.el.Img):
    """An image that says when it did not come."""

    on_error: rx.EventHandler[rx.event.no_args_event_spec]


def report_button() -> rx.Component:
    """In the header of the figures; it takes their days along."""
    return rx.fragment(
        rx.el.div(
            button(
                t("reports.button.open"),
                icon="file-text",
                on_click=ReportWishState.open_here,
                aria_haspopup="dialog",
            ),
            class_name="max-md:hidden",
        ),
        rx.el.div(
            icon_button(
                "file-text",
                t("reports.button.title"),
                on_click=ReportWishState.open_here,
                aria_haspopup="dialog",
            ),
            class_name="md:hidden",
        ),
    )


def report_pane(*, with_archive: bool = True) -> rx.Component:
    """The form, and what it started; once per page that has the button."""
    return pane(
        t("reports.button.title"),
        rx.el.div(
            rx.cond(_WISH.run.id != "", _started()),
            template_field(
                _WISH.templates, _WISH.template, ReportWishState.choose, _WISH.problems.get("template", "")
            ),
            rx.el.div(
                _day("first", _WISH.first, lambda day: ReportWishState.set_days(day, _WISH.last)),
                _day("last", _WISH.last, lambda day: ReportWishState.set_days(_WISH.first, day)),
                class_name="grid grid-cols-2 max-[359px]:grid-cols-1 gap-3",
            ),
            rx.cond(_WISH.narrowed != "", _narrowed()),
            form_field("report-form", _WISH.form, ReportWishState.set_form),
            column_field(_WISH.columns, ReportWishState.toggle, _WISH.problems.get("columns", "")),
            _preview(),
            *([_to_archive()] if with_archive else []),
            class_name="grid grid-cols-1 gap-5",
        ),
        id="report-wish",
        open=_WISH.opened,
        on_close=ReportWishState.close,
        actions=[
            button(
                t("reports.page.create"),
                kind="primary",
                icon="file-text",
                busy=_WISH.busy,
                on_click=ReportWishState.start,
            )
        ],
    )


def _narrowed() -> rx.Component:
    """The filters of the figures, which go along where the report can be narrowed."""
    return rx.el.div(
        rx.cond(
            _WISH.narrows,
            rx.fragment(
                rx.el.p(
                    t("reports.narrowed.to", filters=_WISH.narrowed), class_name="min-w-0 flex-1 break-words"
                ),
                text_button(t("reports.narrowed.widen"), on_click=ReportWishState.widen),
            ),
            rx.el.p(t("reports.narrowed.never"), class_name="cb-muted"),
        ),
        data_narrowed="true",
        class_name="flex flex-wrap items-baseline gap-x-3 gap-y-1 cb-dense",
    )


def _day(name: str, value: Any, on_change: Any) -> rx.Component:
    return field(
        t(f"reports.field.{name}"),
        name,
        type="date",
        value=value,
        on_change=on_change,
        error=_WISH.problems.get(name, ""),
    )


def _started() -> rx.Component:
    """What was asked for, at the top, so that the file is where the eyes are."""
    run = _WISH.run
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.p(run.title, class_name="font-[620] break-words"),
                rx.el.p(run.days, class_name="cb-muted cb-dense cb-num"),
                rx.cond(run.narrowed != "", rx.el.p(run.narrowed, class_name="cb-dense break-words")),
                class_name="min-w-0 flex-1",
            ),
            run_badge(run),
            class_name="flex items-start justify-between gap-3",
        ),
        rx.match(
            run.state,
            (
                "ready",
                button_link(
                    t("reports.run.download"),
                    href=run.href,
                    icon="download",
                    external=True,
                    download=True,
                    class_name="justify-self-start",
                ),
            ),
            ("failed", rx.el.p(run.problem, class_name="cb-dense")),
            ("cancelled", rx.fragment()),
            rx.el.div(
                rx.el.div(bar(run.percent, label=run.progress), class_name="grid flex-1"),
                button(t("reports.run.cancel"), size="sm", kind="ghost", on_click=ReportWishState.cancel),
                class_name="flex items-center gap-3",
            ),
        ),
        aria_live="polite",
        data_report_started="true",
        class_name="grid grid-cols-1 gap-3 rounded-[12px] border border-base-300 bg-soft p-4",
    )


def run_badge(run: Any) -> Any:
    """State of a report as word, shape and colour."""
    return rx.match(
        run.state,
        ("ready", badge("done", run.word)),
        ("failed", badge("overdue", run.word)),
        ("cancelled", badge("cancelled", run.word)),
        ("queued", badge("waiting", run.word)),
        badge("progress", run.word),
    )


def _preview() -> rx.Component:
    return rx.el.div(
        rx.cond(
            _WISH.preview != "",
            _Picture.create(
                src=_WISH.preview,
                alt=t("reports.page.preview_alt", title=_WISH.title),
                on_error=ReportWishState.note_no_preview,
                # The paper stays paper in the dark
                class_name="w-full aspect-[794/1123] rounded-[8px] border border-base-300 bg-white",
            ),
            button(
                t("reports.page.preview"),
                icon="eye",
                on_click=ReportWishState.show_preview,
                class_name="justify-self-start",
            ),
        ),
        rx.cond(
            _WISH.preview_failed,
            banner(t("reports.page.preview_failed"), tone="err", icon="triangle-alert", card=True),
        ),
        class_name="grid grid-cols-1 gap-3",
    )


def _to_archive() -> rx.Component:
    return rx.el.p(
        link(
            t("reports.page.all"),
            href="/auswertung/berichte/",
            class_name="cb-link",
        ),
    )
