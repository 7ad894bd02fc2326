"""The living style guide: every component of the kit in its states, with invented data. Not linked."""

import reflex as rx

from carbot_app.components.styleguide import sample_sections
from carbot_app.components.ui import (
    badge,
    button,
    carbot_mark,
    card,
    empty_state,
    error_state,
    field,
    kpi_tile,
    plate_chip,
    price,
    score_meter,
    severity,
    skeleton,
    text_button,
    toast_region,
)
from carbot_app.components.ui.icons import icon
from carbot_app.kit.sparkline import sparkline

_TREND = sparkline([3, 6, 4, 9, 7, 12, 10, 15, 14, 19])
_COLOURS = {
    "Fläche": "bg-base-100",
    "Grund": "bg-base-200",
    "Linie": "bg-base-300",
    "Text": "bg-base-content",
    "Akzent": "bg-primary",
    "Erfolg": "bg-success",
    "Warnung": "bg-warning",
    "Fehler": "bg-error",
    "Info": "bg-info",
}
_STATES = ("draft", "open", "progress", "planned", "waiting", "paid", "overdue", "cancelled")
_FINDINGS = {
    "critical": "Nicht weiterfahren",
    "high": "Diese Woche prüfen",
    "medium": "Beim nächsten Termin",
    "low": "Beobachten",
    "fine": "Kein Befund",
}


def styleguide_page() -> rx.Component:
    """All components on one page, first the board in both themes, then the rest in the reader's."""
    return rx.el.main(
        rx.el.h1("Bausteine", class_name="cb-sr"),
        rx.el.div(
            _board("hell", "carbot"),
            _board("dunkel", "carbot-dark"),
            class_name="grid grid-cols-1 xl:grid-cols-2",
        ),
        rx.el.div(*sample_sections(), class_name="cb-wide py-8 grid gap-8"),
        toast_region(),
        class_name="cb-body",
    )


def _board(name: str, theme: str) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            carbot_mark(30),
            rx.el.h2(f"CarBot {name}", class_name="cb-section flex-1"),
            button("Abbrechen", kind="ghost"),
            button("Ändern", icon="pencil"),
            button("Speichern", kind="primary", icon="check"),
            class_name="flex flex-wrap items-center gap-2",
        ),
        _palette(),
        rx.el.div(_signs(), _findings(), class_name="grid sm:grid-cols-2 gap-3.5"),
        rx.el.div(
            _plates(), _tile("Anfragen", "148", "", "18 %", "good"), _overdue_tile(), class_name=_THREE
        ),
        _message(),
        rx.el.div(_fields(), _nothing(), _loading(), class_name="grid sm:grid-cols-3 gap-3.5"),
        class_name="grid gap-3.5 p-6 bg-base-200 text-base-content",
        aria_label=f"Bausteine {name}",
        data_theme=theme,
    )


_THREE = "grid grid-cols-2 sm:grid-cols-[1.8fr_1fr_1fr] gap-3.5 max-sm:*:first:col-span-2"


def _palette() -> rx.Component:
    return rx.el.ul(
        *(
            rx.el.li(
                rx.el.span(class_name=f"block h-9 rounded-lg border border-base-300 {look}"),
                rx.el.span(name, class_name="cb-meta mt-1.5 block"),
            )
            for name, look in _COLOURS.items()
        ),
        class_name="grid grid-cols-5 sm:grid-cols-9 gap-2",
    )


def _caption(text: str) -> rx.Component:
    return rx.el.h3(text, class_name="cb-dense text-faint font-[550]")


def _signs() -> rx.Component:
    return card(
        _caption("Status: Form, Wort, Farbe"),
        rx.el.div(
            *(badge(state, "Wartet auf Teil" if state == "waiting" else None) for state in _STATES),  # pyright: ignore[reportArgumentType]
            class_name="flex flex-wrap gap-x-1.5 gap-y-[5px] mt-2.5",
        ),
        rx.el.div(class_name="h-4"),
        _caption("Wert einer Anfrage"),
        rx.el.div(
            score_meter("hot", 92),
            score_meter("warm", 64),
            score_meter("cool", 37),
            class_name="flex gap-5 mt-3",
        ),
    )


def _findings() -> rx.Component:
    return card(
        _caption("Schwere"),
        rx.el.dl(
            *(
                rx.el.div(
                    rx.el.dt(severity(level), class_name="w-28"),  # pyright: ignore[reportArgumentType]
                    rx.el.dd(text, class_name="text-muted"),
                    class_name="flex items-center h-[30px]",
                )
                for level, text in _FINDINGS.items()
            ),
            class_name="mt-2.5",
        ),
    )


def _plates() -> rx.Component:
    return card(
        rx.el.div(
            plate_chip("DO", "AB 123", size=38),
            plate_chip("BO", "LH 56"),
            class_name="flex items-center flex-wrap gap-3",
        ),
        rx.el.p(
            price("463,90 €", total=True),
            rx.el.span("ab 159,00 €", class_name="text-muted"),
            class_name="flex items-baseline gap-3 mt-3",
        ),
    )


def _tile(label: str, figure: str, unit: str, delta: str, verdict: str) -> rx.Component:
    return kpi_tile(label, figure, unit=unit, delta=delta, verdict=verdict, spark=_TREND)  # pyright: ignore[reportArgumentType]


def _overdue_tile() -> rx.Component:
    return _tile("Überfällig", "3.812", "€", "6 %", "bad")


def _message() -> rx.Component:
    return rx.el.div(
        icon("st-done", 18),
        rx.el.p(
            rx.el.strong("Termin bestätigt. "), "Frau Krause bekommt eine SMS.", class_name="cb-toast-text"
        ),
        text_button("Rückgängig"),
        class_name="cb-toast cb-tone-ok",
    )


def _fields() -> rx.Component:
    return card(
        _caption("Feld mit Fehler"),
        rx.el.div(
            field(
                "Telefon",
                "phone",
                type="tel",
                default_value="0231 55",
                error="Die Nummer ist zu kurz.",
            ),
            field("E-Mail", "email", type="email", default_value="s.krause@", help="Für die Bestätigung."),
            class_name="grid gap-4 mt-3",
        ),
    )


def _nothing() -> rx.Component:
    return card(
        empty_state(
            "inbox",
            "Alles beantwortet",
            "Neue Anfragen erscheinen hier sofort.",
            button("Chat einbauen", size="sm"),
        ),
        class_name="grid",
    )


def _loading() -> rx.Component:
    return card(
        _caption("Lädt, dann Fehler"),
        rx.el.div(skeleton("rows"), class_name="my-4"),
        error_state(
            "Liste nicht geladen.", "Keine Verbindung zum Server.", on_retry=rx.console_log("Noch einmal")
        ),
        class_name="flex flex-col justify-between",
    )
