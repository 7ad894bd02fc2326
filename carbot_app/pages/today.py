"""/heute/: three figures, who waits for an answer, and the day."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.pwa import install_card
from carbot_app.components.today.callbacks import callbacks_section
from carbot_app.components.today.day import day_section, figures
from carbot_app.components.today.tasks import tasks_section
from carbot_app.components.today.waiting import waiting_section
from carbot_app.components.today.withdrawals import withdrawals_section
from carbot_app.components.ui import avatar, error_state, skeleton
from carbot_app.state.callbacks import CallbacksState
from carbot_app.state.session import SessionState
from carbot_app.state.tasks import TasksState
from carbot_app.state.today import TodayState
from carbot_app.state.today_withdrawals import WithdrawalsState

_SESSION: Any = SessionState
_TODAY: Any = TodayState


def today_page() -> rx.Component:
    """Answered with one thumb on phones; two columns on a desk."""
    return signed_in_page(
        rx.match(
            _TODAY.status,
            ("loading", _loading()),
            rx.el.div(
                rx.cond(_TODAY.status == "failed", error_state(on_retry=TodayState.load)),
                figures(),
                withdrawals_section(),
                rx.el.div(
                    rx.el.div(
                        callbacks_section(),
                        tasks_section(),
                        rx.cond(_TODAY.sees_inbox, waiting_section()),
                        class_name="grid gap-5 min-w-0 empty:hidden",
                    ),
                    day_section(),
                    rx.el.div(install_card(), class_name="md:hidden"),
                    class_name="grid gap-5 lg:gap-4 items-start lg:grid-cols-[1.15fr_1fr]",
                ),
                class_name="grid gap-4 md:gap-5 max-w-[1400px]",
            ),
        ),
        title=rx.fragment(
            rx.el.span(
                _TODAY.date, class_name="block md:hidden cb-public cb-muted !font-[450] tracking-normal"
            ),
            rx.el.span(_greeting()),
        ),
        beside_title=rx.el.span(_TODAY.date, class_name="max-md:hidden cb-muted"),
        actions=[
            rx.el.span(
                avatar(_SESSION.person_initials, size=40, tint=_SESSION.person_tint, own=True),
                class_name="md:hidden flex",
            )
        ],
        active="today",
        on_live=[
            TodayState.on_live,
            CallbacksState.on_live,
            TasksState.on_live,
            WithdrawalsState.on_live,
        ],
        on_toast_action=CallbacksState.undo,
    )


def _greeting() -> Any:
    name = _TODAY.first_name
    return rx.match(
        _TODAY.part_of_day,
        ("morning", t("today.greeting.morning", name=name)),
        ("evening", t("today.greeting.evening", name=name)),
        t("today.greeting.day", name=name),
    )


def _loading() -> rx.Component:
    return rx.el.div(skeleton("cards", 3), skeleton("rows", 5), class_name="grid gap-6 max-w-[1400px]")
