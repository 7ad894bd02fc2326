"""What the frame around the pages of the workshop's people knows, and the places it leads to."""

from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from carbot_app.components.i18n import t

Place = Literal[
    "today",
    "inbox",
    "calendar",
    "orders",
    "invoices",
    "customers",
    "catalog",
    "diagnostics",
    "tyres",
    "accounting",
    "analytics",
    "automations",
    "settings",
]

# place -> (address, icon, key of the word)
PLACES: dict[str, tuple[str, str, rx.Var[str]]] = {
    "today": ("/heute/", "sun", t("staff.nav.today")),
    "inbox": ("/posteingang/", "inbox", t("staff.nav.inbox")),
    "calendar": ("/kalender/", "calendar-days", t("staff.nav.calendar")),
    "orders": ("/auftraege/", "wrench", t("staff.nav.orders")),
    "invoices": ("/rechnungen/", "receipt-text", t("staff.nav.invoices")),
    "customers": ("/kunden/", "users", t("staff.nav.customers")),
    "catalog": ("/leistungen/", "tags", t("staff.nav.catalog")),
    "diagnostics": ("/diagnose/", "activity", t("staff.nav.diagnostics")),
    "tyres": ("/reifenhotel/", "circle-dot", t("staff.nav.tyres")),
    "accounting": ("/buchhaltung/", "book-open", t("staff.nav.accounting")),
    "analytics": ("/auswertung/", "chart-no-axes-column", t("staff.nav.analytics")),
    "automations": ("/automationen/", "zap", t("staff.nav.automations")),
    "settings": ("/einstellungen/", "settings", t("staff.nav.settings")),
}


@dataclass(frozen=True, kw_only=True)
class StaffFrame:
    """What the frame shows; every value may be a Var. Leave out what does not exist and it is not shown."""

    workshop_name: Any
    workshop_place: Any = ""
    workshop_initial: Any
    person_name: Any
    person_role: Any = ""
    person_initials: Any
    person_tint: Any = 25
    language: Any = None
    """Language of the profile; the page follows it."""
    unread: Any = 0
    assistant_on: Any = True
    solved: Any = 0
    """Conversations CarBot closed alone today, of ``solved_of``."""
    solved_of: Any = 0
    accent: Any = None
    """``kit.colour.accent_style`` of the workshop."""
    open_orders: Any = 0
    overdue_invoices: Any = 0
    sees_orders: Any = True
    sees_invoices: Any = False
    sees_customers: Any = True
    sees_catalog: Any = True
    sees_diagnostics: Any = True
    sees_tyres: Any = True
    sees_accounting: Any = False
    sees_analytics: Any = True
    sees_automations: Any = False
    sees_settings: Any = True
    locations: Any = None
    """Var of ``LocationLine``s; with two or more the workshop's name is a menu of them."""
    on_search: Any = None
    """Form handler; gets ``{"q": text}``."""
    on_sign_out: Any = None
    on_toast_action: Any = None
