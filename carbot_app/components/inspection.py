"""A vehicle's main inspection, folded into whatever shows the vehicle."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import button, checkbox, field, select
from carbot_app.state.inspection import InspectionState

_STATE: Any = InspectionState
_CARD = _STATE.card
_PROBLEMS = _STATE.problems
_KINDS = ("car", "motorcycle", "trailer", "taxi_or_rental", "heavy")
_FUELS = ("petrol", "diesel", "electric", "hybrid", "gas")


def inspection_box(vehicle_id: Any, customer_id: Any) -> rx.Component:
    """A button that unfolds when the inspection is due and, for those who may, the form to change it.

    Both are texts, empty when unknown; without a vehicle nothing is shown.
    """
    return rx.cond(
        vehicle_id != "",
        rx.el.section(
            rx.cond(
                _STATE.vehicle_id == vehicle_id,
                _opened(),
                button(
                    t("inspection.open"),
                    icon="clipboard-check",
                    on_click=InspectionState.open(vehicle_id, customer_id),
                ),
            ),
            class_name="grid gap-3 justify-items-start pt-4 border-t border-base-300",
        ),
    )


def _opened() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h3(t("inspection.title"), class_name="cb-dense cb-muted font-[600]"),
            rx.el.p(_CARD.due, class_name="font-[620] cb-num"),
            rx.cond(_CARD.facts != "", rx.el.p(_CARD.facts, class_name="cb-muted")),
            rx.cond(_CARD.late != "", rx.el.p(_CARD.late, class_name="text-[var(--cb-err-ink)] font-[600]")),
            rx.cond(_CARD.agreed_text != "", rx.el.p(_CARD.agreed_text, class_name="cb-muted cb-dense mt-1")),
            class_name="grid gap-0.5",
        ),
        rx.cond(_STATE.may_change, _form(), button(t("inspection.cancel"), on_click=InspectionState.close)),
        class_name="grid grid-cols-1 gap-4 w-full",
    )


def _form() -> rx.Component:
    # Keyed by what is stored, so that inputs show it again after saving.
    return rx.el.form(
        rx.el.div(
            select(
                t("inspection.field.kind"),
                "kind",
                [(kind, t(f"inspection.kind.{kind}")) for kind in _KINDS],
                default_value=_CARD.kind,
                error=_PROBLEMS["kind"],
            ),
            select(
                t("inspection.field.fuel"),
                "fuel",
                [("", t("inspection.unknown")), *((fuel, t(f"pricing.fuels.{fuel}")) for fuel in _FUELS)],
                default_value=_CARD.fuel,
                error=_PROBLEMS["fuel"],
            ),
            _date("registered_on", _CARD.registered_on),
            _date("inspected_on", _CARD.inspected_on),
            class_name="grid grid-cols-2 gap-4",
        ),
        field(
            t("inspection.field.due"),
            "due",
            placeholder="11/2028",
            help=t("inspection.due_help"),
            default_value=_CARD.month,
            error=_PROBLEMS["due"],
            auto_complete="off",
        ),
        rx.cond(
            _STATE.customer_id != "",
            rx.el.div(
                checkbox(
                    t("inspection.consent"),
                    "consent_inspection",
                    default_checked=_CARD.agreed,
                    error=_PROBLEMS["consent_inspection"],
                ),
                checkbox(
                    t("season.consent"),
                    "consent_tyres",
                    default_checked=_CARD.agreed_tyres,
                    error=_PROBLEMS["consent_tyres"],
                ),
                checkbox(
                    t("automations.review.consent"),
                    "consent_review",
                    default_checked=_CARD.agreed_review,
                    error=_PROBLEMS["consent_review"],
                ),
                checkbox(
                    t("automations.offers.consent"),
                    "consent_offers",
                    default_checked=_CARD.agreed_offers,
                    error=_PROBLEMS["consent_offers"],
                ),
                checkbox(
                    t("maintenance.consent"),
                    "consent_maintenance",
                    default_checked=_CARD.agreed_maintenance,
                    error=_PROBLEMS["consent_maintenance"],
                ),
                class_name="grid gap-3",
            ),
        ),
        rx.el.div(
            button(t("inspection.cancel"), on_click=InspectionState.close),
            button(t("inspection.save"), icon="check", submit=True, busy=_STATE.busy),
            class_name="flex justify-end gap-2",
        ),
        on_submit=InspectionState.save,
        no_validate=True,
        key=_STATE.vehicle_id + _CARD.due + _CARD.month + _CARD.agreed_text,
        class_name="grid grid-cols-1 gap-4",
    )


def _date(name: str, value: Any) -> rx.Component:
    return field(
        t(f"inspection.field.{name}"),
        name,
        type="date",
        default_value=value,
        error=_PROBLEMS[name],
    )
