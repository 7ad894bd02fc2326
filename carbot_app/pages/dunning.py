"""/rechnungen/mahnen/: whom to remind today, released by a person."""

from typing import Any

import reflex as rx

from carbot_app.components.banking.dunning import dunning_run
from carbot_app.components.banking.frame import DUNNING, PLACE, money_tabs
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.ui import button, dialog, open_dialog
from carbot_app.state.dunning import DunningState

_RUN: Any = DunningState
_QUESTION = "dunning-release"


def dunning_page() -> rx.Component:
    """The list; releasing asks once more, because letters cannot be called back."""
    return signed_in_page(
        money_tabs(DUNNING),
        dunning_run(),
        dialog(
            t("dunning.release.title", count=_RUN.chosen.length()),
            rx.el.p(t("dunning.release.text")),
            id=_QUESTION,
            actions=[
                button(t("ui.actions.cancel"), kind="ghost", data_close="true"),
                button(
                    t("dunning.release.yes"),
                    kind="primary",
                    icon="send",
                    data_close="true",
                    on_click=DunningState.release,
                ),
            ],
        ),
        title=t("dunning.title"),
        actions=[
            rx.cond(
                _RUN.may_change & (_RUN.proposals.length() > 0),
                button(
                    t("dunning.release.action", count=_RUN.chosen.length()),
                    kind="primary",
                    icon="send",
                    busy=_RUN.busy,
                    disabled=_RUN.chosen.length() == 0,
                    on_click=open_dialog(_QUESTION),
                ),
            )
        ],
        active=PLACE,
        on_live=[DunningState.on_live],
    )
