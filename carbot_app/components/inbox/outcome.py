"""How a lead ended: said by staff, or by the visit it led to."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import badge, button, icon, menu, menu_item, text_button
from carbot_app.state.lead_outcome import LeadOutcomeState
from carbot_app.state.thread import ThreadState

_THREAD: Any = ThreadState
_SIDE = _THREAD.side
_REASONS = ("price", "no_answer", "elsewhere", "no_time", "not_needed", "other")


def lead_outcome() -> rx.Component:
    """What was noted, or the two answers to choose from."""
    ended = (_SIDE.lead_state == "won") | (_SIDE.lead_state == "lost")
    return rx.el.section(
        rx.el.h3(t("leads.outcome.title"), class_name="cb-dense cb-muted font-[600] mb-2.5"),
        rx.cond(
            ended | (_SIDE.lead_state == "booked"),
            rx.el.div(
                rx.match(
                    _SIDE.lead_state,
                    ("won", badge("won", t("leads.outcome.won"))),
                    ("lost", badge("lost", t("leads.outcome.lost"))),
                    badge("planned", t("leads.outcome.booked")),
                ),
                rx.cond(_SIDE.lost_reason != "", rx.el.span(_SIDE.lost_reason, class_name="cb-muted")),
                rx.cond(
                    ended & _THREAD.can_reply,
                    text_button(t("leads.outcome.reopen"), on_click=LeadOutcomeState.reopen),
                ),
                class_name="flex flex-wrap items-center gap-x-3 gap-y-2",
            ),
            rx.cond(_THREAD.can_reply, _answers(), badge("open")),
        ),
        class_name="px-4 py-4",
    )


def _answers() -> rx.Component:
    return rx.el.div(
        button(t("leads.outcome.mark_won"), size="sm", icon="check", on_click=LeadOutcomeState.win),
        menu(
            t("leads.outcome.why"),
            rx.fragment(
                rx.el.span(t("leads.outcome.mark_lost"), aria_hidden="true"), icon("chevron-down", 16)
            ),
            *(
                menu_item(t(f"leads.lost.{reason}"), on_click=LeadOutcomeState.lose(reason))
                for reason in _REASONS
            ),
            look="cb-btn cb-btn-outline cb-btn-sm",
        ),
        class_name="flex flex-wrap gap-2",
    )
