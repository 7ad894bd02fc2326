"""The pane "Preisgrundlagen": what every price rests on, and beside it surcharges and discounts."""

from typing import Any

import reflex as rx

from carbot_app.components.catalog.rules import rule_actions, rules_section
from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import (
    banner,
    button,
    error_state,
    field,
    form_error,
    icon_button,
    pane,
    radio_card,
    segmented,
    skeleton,
    tabs,
    text_button,
)
from carbot_app.state.catalog_rules import RulesState
from carbot_app.state.catalog_terms import MAX_BANDS, TermsState

_TERMS: Any = TermsState
_FORM_ID = "catalog-terms-form"
_TYPING_MS = 300


def terms_pane() -> rx.Component:
    """Opened by ``[TermsState.start("base"), RulesState.load]``."""
    return pane(
        t("pricing.terms.title"),
        rx.el.div(
            tabs(
                t("pricing.terms.sections"),
                [("base", t("pricing.terms.base")), ("rules", t("pricing.rules.title"))],
                value=_TERMS.section,
                on_select=TermsState.show,
                panel_id="catalog-terms-panel",
            ),
            rx.el.div(
                rx.cond(_TERMS.section == "rules", rules_section(), _base()),
                id="catalog-terms-panel",
                role="tabpanel",
                aria_label=rx.cond(
                    _TERMS.section == "rules", t("pricing.rules.title"), t("pricing.terms.base")
                ),
                class_name="min-w-0",
            ),
            class_name="grid grid-cols-1 gap-5 min-w-0",
        ),
        id="catalog-terms",
        open=_TERMS.open,
        on_close=TermsState.close,
        actions=[rx.cond(_TERMS.section == "rules", rule_actions(), _actions())],
    )


def _actions() -> rx.Component:
    return rx.fragment(
        button(t("pricing.discard"), kind="ghost", data_close="true"),
        button(
            t("pricing.terms.save"),
            kind="primary",
            icon="check",
            submit=True,
            form=_FORM_ID,
            busy=_TERMS.busy,
        ),
    )


def _base() -> Any:
    return rx.match(
        _TERMS.status,
        ("loading", skeleton("rows", 6)),
        ("failed", error_state(on_retry=[TermsState.start("base"), RulesState.load])),
        rx.el.form(
            form_error(_TERMS.problems.get("form", "")),
            _rates(),
            _markups(),
            _small_parts(),
            _factors(),
            _vat(),
            rx.el.p(t("pricing.terms.effect"), class_name="cb-dense cb-muted"),
            id=_FORM_ID,
            key=_TERMS.layout.to(str),
            on_submit=TermsState.save,
            no_validate=True,
            class_name="grid grid-cols-1 gap-6 min-w-0",
        ),
    )


def _group(title: Any, *content: Any, text: Any = None, action: Any = None) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h3(title, class_name="cb-heading"),
            *([action] if action is not None else []),
            class_name="flex items-center justify-between gap-3",
        ),
        *([rx.el.p(text, class_name="cb-dense cb-muted -mt-2")] if text is not None else []),
        *content,
        class_name="grid grid-cols-1 gap-3 min-w-0",
    )


def _rates() -> rx.Component:
    return _group(
        t("pricing.terms.rates"),
        rx.el.div(rx.foreach(_TERMS.rates, _rate), class_name="grid gap-2.5"),
        rx.el.div(
            rx.el.p(t("pricing.terms.units"), class_name="cb-label", aria_hidden="true"),
            segmented(
                t("pricing.terms.units"),
                "units",
                [(units, t("pricing.terms.units_each", units=units)) for units in ("10", "12", "100")],
                value=_TERMS.units,
                on_change=TermsState.set_units,
                fill=True,
            ),
            rx.el.p(t("pricing.terms.units_help"), class_name="cb-help"),
            class_name="cb-field pt-1",
        ),
        text=t("pricing.terms.rates_text"),
    )


def _rate(line: Any) -> rx.Component:
    control_id = "rate-" + line.key
    wrong = (_TERMS.problems.get("rate-" + line.key, "") != "") | (_TERMS.problems.get("rates", "") != "")
    return rx.el.div(
        rx.el.div(
            rx.el.label(
                t_choice("catalog.rates", line.key), html_for=control_id, class_name="cb-label block"
            ),
            rx.el.p(
                rx.cond(line.gross != "", t("pricing.terms.gross", price=line.gross), ""),
                rx.cond(line.gross != "", " · ", ""),
                rx.cond(line.unit != "", t("pricing.terms.unit_price", price=line.unit), ""),
                id=control_id + "-note",
                class_name="cb-help cb-num min-h-[18px]",
            ),
            class_name="min-w-0",
        ),
        _figure(
            control_id,
            line.value,
            t("pricing.terms.per_hour"),
            aria_describedby=control_id + "-note",
            aria_invalid=rx.cond(wrong, "true", "false"),
            on_change=lambda text: TermsState.rate_typed(line.key, text).debounce(_TYPING_MS),
        ),
        key=line.key,
        class_name="cb-rate-grid",
    )


def _figure(name: Any, value: Any, unit: Any, **props: Any) -> rx.Component:
    """A figure in a form that is stored as a whole."""
    return rx.el.span(
        rx.el.input(
            type="text",
            id=name,
            name=name,
            default_value=value,
            input_mode="decimal",
            auto_complete="off",
            class_name="cb-input cb-num text-right",
            **props,
        ),
        rx.el.span(unit, class_name="cb-unit", aria_hidden="true"),
        class_name="cb-control",
    )


def _markups() -> rx.Component:
    return _group(
        t("pricing.terms.markups"),
        rx.el.ul(rx.foreach(_TERMS.bands, _band), class_name="grid gap-2"),
        rx.cond(
            _TERMS.problems.get("markups", "") != "",
            rx.el.p(_TERMS.problems["markups"], class_name="cb-field-error"),
        ),
        text=t("pricing.terms.markups_text"),
        action=rx.cond(
            _TERMS.bands.length() < MAX_BANDS,
            text_button(
                t("pricing.terms.add_band"), class_name="max-md:min-h-11", on_click=TermsState.add_band
            ),
        ),
    )


def _band(band: Any, place: Any) -> rx.Component:
    last = place == _TERMS.bands.length() - 1
    wrong = rx.cond(_TERMS.problems.get("markups", "") != "", "true", "false")
    return rx.el.li(
        rx.cond(
            last,
            rx.el.span(
                t("pricing.terms.above"),
                rx.el.input(type="hidden", name="up-" + band.key, default_value=band.up_to),
                class_name="cb-muted pl-1",
            ),
            rx.el.span(
                rx.el.span(
                    t("pricing.terms.up_to"), class_name="cb-muted flex-none pl-1", aria_hidden="true"
                ),
                _figure(
                    "up-" + band.key,
                    band.up_to,
                    "€",
                    aria_label=t("pricing.terms.up_to_label", place=place + 1),
                    aria_invalid=wrong,
                ),
                class_name="flex items-center gap-2.5 [&>.cb-control]:flex-1",
            ),
        ),
        _figure(
            "percent-" + band.key,
            band.percent,
            "%",
            aria_label=t("pricing.terms.percent_label", place=place + 1),
            aria_invalid=wrong,
        ),
        rx.cond(
            last,
            rx.el.span(),
            icon_button(
                "trash-2",
                t("pricing.terms.remove_band", place=place + 1),
                tip=False,
                on_click=TermsState.remove_band(band.key),
            ),
        ),
        key=band.key,
        class_name="cb-band",
    )


def _small_parts() -> rx.Component:
    names = (("percent", "%"), ("min", "€"), ("max", "€"))
    return _group(
        t("pricing.terms.small"),
        rx.el.div(
            *(
                field(
                    t(f"pricing.terms.small_{name}"),
                    f"small-{name}",
                    unit=unit,
                    default_value=_TERMS.small[name],
                    input_mode="decimal",
                    auto_complete="off",
                )
                for name, unit in names
            ),
            class_name="grid grid-cols-3 gap-3",
        ),
        rx.cond(
            _TERMS.problems.get("small_parts_percent", "") != "",
            rx.el.p(_TERMS.problems["small_parts_percent"], class_name="cb-field-error"),
        ),
        text=t("pricing.terms.small_text"),
    )


def _factors() -> rx.Component:
    return _group(
        t("pricing.terms.factors"),
        rx.el.div(rx.foreach(_TERMS.factors, _factor), class_name="grid gap-2.5"),
        text=t("pricing.terms.factors_text"),
    )


def _factor(line: Any) -> rx.Component:
    control_id = "factor-" + line.key
    wrong = _TERMS.problems.get("factor-" + line.key, _TERMS.problems.get("class_factors", "")) != ""
    return rx.el.div(
        rx.el.div(
            rx.el.label(
                t_choice("catalog.class", line.key), html_for=control_id, class_name="cb-label block"
            ),
            rx.el.p(t_choice("catalog.cars", line.key), id=control_id + "-note", class_name="cb-help"),
            class_name="min-w-0",
        ),
        _figure(
            control_id,
            line.value,
            "%",
            aria_describedby=control_id + "-note",
            aria_invalid=rx.cond(wrong, "true", "false"),
        ),
        key=line.key,
        class_name="cb-rate-grid",
    )


def _vat() -> rx.Component:
    def choice(regime: str, label: Any, detail: Any) -> rx.Component:
        return radio_card(
            label,
            "vat",
            regime,
            detail=detail,
            checked=_TERMS.regime == regime,
            on_change=TermsState.set_regime(regime),
        )

    small = rx.cond(
        _TERMS.place.country == "DE", t("pricing.terms.vat_small"), t("pricing.terms.vat_small_abroad")
    )
    return _group(
        t("pricing.terms.vat"),
        rx.el.fieldset(
            rx.el.legend(t("pricing.terms.vat"), class_name="cb-sr"),
            choice(
                "standard",
                t("pricing.terms.vat_standard", percent=_TERMS.place.vat),
                t("pricing.terms.vat_standard_text"),
            ),
            choice("small_business", small, t("pricing.terms.vat_small_text")),
            class_name="grid gap-2.5",
        ),
        rx.cond(
            _TERMS.regime == "small_business",
            banner(t("pricing.terms.vat_note"), tone="info", icon="info", card=True),
        ),
    )
