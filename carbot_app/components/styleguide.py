"""Sections of the style guide below the board: the rest of the kit with invented data."""

import reflex as rx

from carbot_app.components import ui


def sample_sections() -> list[rx.Component]:
    """One section per family of components."""
    return [
        _section("Schaltflächen", _buttons()),
        _section("Kennzeichen", _plates()),
        _section("Felder", _fields()),
        _section("Auswählen", _choices()),
        _section("Termin wählen", _slots()),
        _section("Gespräch", _chat()),
        _section("Listen und Tabellen", _lists()),
        _section("Darüber", _overlays()),
    ]


def _section(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="cb-section mb-3"), *content, class_name="min-w-0", aria_label=title
    )


def _line(*content: rx.Component) -> rx.Component:
    return rx.el.div(*content, class_name="flex flex-wrap items-center gap-3 mb-3")


def _buttons() -> rx.Component:
    kinds = ("primary", "outline", "ghost", "destructive")
    return ui.card(
        _line(*(ui.button("Termin bestätigen", kind=kind, icon="check") for kind in kinds)),
        _line(*(ui.button("Senden", kind=kind, size="sm", icon="send") for kind in kinds)),
        _line(
            ui.button("Weiter zu den Zeiten", kind="primary", size="lg", icon_end="arrow-right"),
            ui.button("Bearbeiten", size="lg", icon="pencil"),
            ui.icon_button("phone", "Anrufen", kind="outline", size="lg"),
        ),
        _line(
            ui.button("Speichern", kind="primary", busy=True),
            ui.button("Speichern", busy=True),
            ui.button("Speichern", kind="primary", disabled=True),
            ui.icon_button("alarm-clock", "Später erinnern"),
            ui.icon_button("ellipsis", "Mehr", kind="outline", size="sm"),
            ui.text_button("Ändern"),
            ui.kbd("Strg"),
            ui.kbd("Enter"),
            ui.live_sign(),
        ),
    )


def _plates() -> rx.Component:
    return ui.card(
        _line(*(ui.plate_chip("DO", "B 1", size=size) for size in (19, 24, 38, 72))),  # pyright: ignore[reportArgumentType]
        _line(
            ui.plate_chip("HV", "88", suffix="E", size=24),
            ui.plate_chip("DO", "OL 55", suffix="H", size=24),
            ui.plate_chip("W", "12345 K", country="A", size=24),
            ui.plate_chip("ZH", "845 123", country="CH", size=24),
        ),
        rx.el.div(ui.plate_input(default_value="DO AB 123", parts=("DO", "AB 123")), class_name="max-w-sm"),
    )


def _fields() -> rx.Component:
    return ui.card(
        rx.el.div(
            ui.field("Name", "name", placeholder="Vor- und Nachname"),
            ui.field("Arbeitszeit", "hours", type="number", unit="AW", default_value="15"),
            ui.select("Land", "country", [("DE", "Deutschland"), ("AT", "Österreich"), ("CH", "Schweiz")]),
            ui.password_field("Passwort", help="Mindestens 12 Zeichen."),
            ui.textarea("Nachricht", "message", optional=True),
            ui.field("Gesperrt", "locked", default_value="nicht änderbar", disabled=True),
            class_name="grid sm:grid-cols-3 gap-4",
        ),
        rx.el.div(
            ui.checkbox("Ich habe den Datenschutzhinweis gelesen.", "consent", default_checked=True),
            ui.toggle("Leihwagen, 15 € am Tag", "loaner", default_checked=True),
            ui.toggle("Ich warte vor Ort", "wait"),
            class_name="grid sm:grid-cols-3 gap-6 mt-4",
        ),
        rx.el.div(
            ui.check_card(
                "Räderwechsel",
                "s",
                "1",
                detail="4 Räder, mit Sichtprüfung",
                trailing=ui.price("39,90 €"),
                default_checked=True,
            ),
            ui.radio_card("Kompaktklasse", "c", "1", detail="Golf, Astra", default_checked=True),
            ui.radio_card("Mittelklasse", "c", "2", detail="Passat, 3er"),
            class_name="grid sm:grid-cols-3 gap-3 mt-4",
        ),
        rx.el.div(ui.search_field(placeholder="Kennzeichen, Name …", slash=True), class_name="max-w-xs mt-4"),
    )


def _choices() -> rx.Component:
    nothing = rx.console_log("gewählt")
    return ui.card(
        _line(
            ui.segmented(
                "Anfragen",
                "seg",
                [("o", "Offen", 14), ("m", "Meine", 5), ("h", "Heiß", 3)],
                value="o",
                on_change=nothing,
            )
        ),
        _line(
            ui.chips(
                "Filter",
                "chips",
                [("o", "Offen", 14), ("h", "Heiß", 3), ("w", "Wartet", 6)],
                value="o",
                on_change=nothing,
            )
        ),
        ui.tabs(
            "Einstellungen",
            [("a", "Werkstatt"), ("b", "Team"), ("c", "Geräte")],
            value="a",
            on_select=rx.console_log,
            panel_id="panel",
        ),
        rx.el.div("Inhalt des Reiters", id="panel", role="tabpanel", class_name="py-4 cb-muted"),
        ui.steps(["Auto und Leistung", "Zeit", "Kontakt"], 2),
    )


def _slots() -> rx.Component:
    week = [("Mi", "14", 2), ("Do", "15", 5), ("Fr", "16", 3), ("Sa", "17", 0), ("Mo", "19", 7)]
    days = rx.Var.create(
        [
            {"value": day, "weekday": weekday, "day": day, "name": f"{weekday}, {day}. Oktober", "free": free}
            for weekday, day, free in week
        ]
    )
    times = rx.Var.create(
        [
            {"value": label, "label": label, "taken": label == "10:00"}
            for label in ("7:30", "8:00", "9:15", "10:00", "11:30")
        ]
    )
    nothing = rx.console_log("gewählt")
    return rx.el.div(
        ui.day_strip(days, value="15", on_change=nothing),
        ui.best_slot(
            "Do, 15. Okt., 8:00 Uhr",
            "Passt am besten, Leihwagen frei",
            "best",
            value="best",
            on_change=nothing,
            name="best",
            note="4:52 Min. reserviert",
        ),
        ui.slot_grid("Vormittag", times, value="8:00", on_change=nothing),
        class_name="grid gap-4 max-w-xl cb-lg",
    )


def _chat() -> rx.Component:
    return ui.card(
        ui.paused_banner("Jana Krüger", "09:12", on_give_back=rx.console_log("zurück")),
        rx.el.div(
            ui.chat_log(
                ui.system_line("Heute"),
                ui.bubble(
                    "customer",
                    "Bremsen quietschen seit gestern, Golf 7 Baujahr 2015, DO-AB 123. Was kostet das?",
                    initials="SK",
                    tint=25,
                    foot="07:34",
                ),
                ui.bubble(
                    "assistant",
                    "Vorne Scheiben und Beläge kosten bei uns für Ihren Golf 7 ",
                    rx.el.strong("349 bis 429 €"),
                    ", inklusive Einbau. Frei sind:",
                    rx.el.div(
                        ui.slot_choice("Mi 15:30"),
                        ui.slot_choice("Do 8:00", chosen=True),
                        ui.slot_choice("Fr 9:15"),
                        class_name="flex flex-wrap gap-1.5 mt-2",
                    ),
                    foot="CarBot · 07:34",
                ),
                ui.system_line(rx.el.strong("Jana Krüger hat übernommen"), " · 09:12", icon="user-check"),
                ui.bubble(
                    "staff",
                    "Guten Morgen, hier ist Jana Krüger.",
                    initials="JK",
                    tint=25,
                    foot="Jana Krüger · 09:12 · gelesen",
                ),
                ui.answer_bubble(
                    "Bitte fahren Sie nicht weiter. Rufen Sie uns an: 0231 / 555 01 20.", danger=True
                ),
                ui.typing_bubble(),
                label="Gespräch",
            ),
            ui.draft_card(
                rx.fragment(
                    "Natürlich prüfen wir die Arbeit noch einmal, ", ui.fact("ohne Kosten für Sie"), "."
                ),
                sources=[
                    ui.source("receipt-text", "Rechnung 2026-0391"),
                    ui.source("calendar-days", "2 freie Zeiten"),
                ],
                on_send=rx.console_log("senden"),
                on_edit=rx.console_log("bearbeiten"),
                on_discard=rx.console_log("verwerfen"),
            ),
            ui.composer(
                label="Antwort an Frau Krause",
                placeholder="Antwort an Frau Krause …",
                value="",
                on_change=rx.console_log("schreibt"),
                on_send=rx.console_log("senden"),
                note="CarBot antwortet hier. Sobald Sie schreiben, pausiert er.",
                take_over="Übernehmen",
                on_take_over=rx.console_log("übernehmen"),
                tools=[ui.icon_button("paperclip", "Datei anhängen", size="sm")],
            ),
            class_name="grid gap-5 p-5",
        ),
        pad=False,
        class_name="overflow-hidden",
    )


def _lists() -> rx.Component:
    people = [("Sabine Krause", "SK", "Bremsen quietschen seit gestern. Geht Donnerstag früh?", "hot", 92)]
    people += [
        ("Pflegedienst Sonnenschein GmbH", "PS", "Drei Caddys vor Mitte November auf Winterräder", "warm", 64)
    ]
    return rx.el.div(
        ui.card(ui.rows(*(_person_row(*person) for person in people)), pad=False),
        ui.card(_invoices(), pad=False, class_name="hidden md:block overflow-hidden"),
        ui.card(
            ui.timeline(
                ui.timeline_entry(
                    "calendar-check", "Termin vorgemerkt", "Heute, 07:38 · CarBot", tone="info"
                ),
                ui.timeline_entry("message-square", "Anfrage im Chat", "Heute, 07:34"),
                ui.timeline_entry("receipt-text", "Rechnung 2026-0207 bezahlt, 149,90 €", "14. April 2026"),
            )
        ),
        ui.card(ui.skeleton("thread"), ui.bar(86, label="Auslastung 86 %")),
        class_name="grid lg:grid-cols-2 gap-4 items-start",
    )


def _person_row(name: str, initials: str, text: str, level: str, value: int) -> rx.Component:
    return ui.list_row(
        ui.avatar(initials, size=40, tint=ui.tint_of(name), channel="message-square"),
        rx.el.span(
            rx.el.span(name, class_name="block cb-truncate font-[620]"),
            rx.el.span(text, class_name="block cb-truncate"),
            rx.el.span(
                ui.plate_chip("DO", "AB 123"),
                ui.score_meter(level, value),  # pyright: ignore[reportArgumentType]
                class_name="flex gap-3 items-center mt-1.5",
            ),
            class_name="min-w-0 flex-1",
        ),
        rx.el.span(
            ui.dot(label="ungelesen"), " 4 Min.", class_name="cb-dense cb-muted self-start whitespace-nowrap"
        ),
        on_click=rx.console_log("öffnen"),
        selected=level == "hot",
    )


def _invoices() -> rx.Component:
    entries = [
        ("2026-0418", "Pflegedienst Sonnenschein GmbH", "overdue", "1.284,10 €"),
        ("2026-0458", "Hannah Vogel", "paid", "229,00 €"),
    ]
    return ui.table(
        "Rechnungen",
        ["Nummer", "Kunde", "Status", ui.column("Betrag brutto", end=True)],
        [
            ui.table_row(number, name, ui.cell(ui.badge(state)), ui.cell(ui.price(amount), end=True))  # pyright: ignore[reportArgumentType]
            for number, name, state, amount in entries
        ],
    )


def _overlays() -> rx.Component:
    return ui.card(
        _line(
            ui.button("Dialog", on_click=ui.open_dialog("sample-dialog")),
            ui.button("Seitenfläche", on_click=ui.open_dialog("sample-pane")),
            ui.button("Von unten", on_click=ui.open_dialog("sample-sheet")),
            ui.button(
                "Meldung",
                on_click=ui.toast(
                    "ok",
                    "Termin bestätigt.",
                    detail="Frau Krause bekommt eine SMS.",
                    action=("Rückgängig", "undo"),
                ),
            ),
            ui.button(
                "Fehlermeldung", on_click=ui.toast("err", "Nicht gespeichert.", detail="Keine Verbindung.")
            ),
            ui.menu(
                "Weitere Aktionen",
                ui.icon("ellipsis", 18),
                ui.menu_item("Später erinnern", icon="alarm-clock"),
                ui.menu_item("Als Verloren markieren", icon="circle-x"),
                ui.menu_line(),
                ui.menu_item("Löschen", icon="trash-2", danger=True),
                look="cb-btn cb-btn-outline cb-btn-square",
            ),
        ),
        ui.banner("Der Termin liegt außerhalb der Öffnungszeiten.", card=True, icon="st-overdue"),
        ui.dialog(
            "Termin absagen?",
            rx.el.p("Frau Krause bekommt sofort eine Nachricht. Der Platz wird frei."),
            id="sample-dialog",
            actions=[
                ui.button("Behalten", data_close="true"),
                ui.button("Absagen", kind="destructive", data_close="true"),
            ],
        ),
        ui.pane(
            "Leistung bearbeiten",
            ui.field("Name", "service", default_value="Bremsscheiben und Beläge vorn"),
            id="sample-pane",
            actions=[
                ui.button("Verwerfen", kind="ghost", data_close="true"),
                ui.button("Speichern", kind="primary"),
            ],
        ),
        ui.sheet("Anfrage aufnehmen", rx.el.p("Inhalt für den Daumen."), id="sample-sheet"),
    )
