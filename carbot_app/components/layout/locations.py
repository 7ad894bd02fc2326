"""Where a person works: the menu of their workshops, and how to go to another one."""

from typing import Any

import reflex as rx
from reflex.vars import VarData
from reflex.vars.base import Var

from carbot_app.components.i18n import t
from carbot_app.components.ui.overlays import menu_item

FIRST_PAGE = "/heute/"


def location_items(locations: Any) -> rx.Component:
    """A ``menu_item`` for each ``LocationLine``, the present one ticked."""
    return rx.foreach(locations, _item)


def switch_to(location_id: Any, target: Any = FIRST_PAGE) -> Var:
    """For ``on_click``: goes on at ``target`` in another workshop, with a page load."""
    parts = [Var.create(location_id), Var.create(target), t("staff.workshop.unreachable")]
    loads = VarData(imports={"$/public/kit/locations": "switchWorkshop"})
    return Var(
        f"() => switchWorkshop({', '.join(str(part) for part in parts)})",
        _var_type=rx.event.EventChain,
        _var_data=VarData.merge(loads, *(part._get_all_var_data() for part in parts)),
    )


def _item(location: Any) -> rx.Component:
    accept = rx.el.span(t("staff.workshop.accept"), class_name="block cb-meta text-[var(--cb-accent-ink)]")
    named = rx.fragment(location.name, rx.cond(location.invited, accept))
    return rx.cond(
        location.current,
        menu_item(named, icon="store", checked=True),
        menu_item(
            named,
            icon=rx.cond(location.invited, "user-plus", "store"),
            checked=False,
            on_click=switch_to(location.id),
        ),
    )
