"""/reifenhotel/: which wheel set lies where, and how good its tyres are."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.tyres.details import set_pane
from carbot_app.components.tyres.sets import set_list, view_switch
from carbot_app.components.tyres.tabs import SETS, tyre_tabs
from carbot_app.components.ui import button
from carbot_app.state.tyres import TyresState

_TYRES: Any = TyresState


def tyres_page() -> rx.Component:
    """A list by place; a set opens in a pane."""
    return signed_in_page(
        tyre_tabs(SETS),
        rx.el.div(view_switch("view-phone"), class_name="md:hidden pb-3"),
        set_list(),
        set_pane(),
        title=t("tyres.title"),
        beside_title=rx.el.p(
            t("tyres.stored", count=_TYRES.stored), class_name="cb-muted cb-num max-md:hidden"
        ),
        actions=[
            rx.el.div(view_switch("view"), class_name="max-md:hidden"),
            rx.cond(
                _TYRES.may_manage,
                button(t("tyres.action.store"), kind="primary", icon="plus", on_click=TyresState.ask_store),
            ),
        ],
        active="tyres",
    )
