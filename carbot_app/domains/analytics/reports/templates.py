"""What reports there are and which columns each may have (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from carbot_app.domains.analytics.kpis import CODES, DEFINITIONS
from carbot_app.kit.errors import Invalid

COUNT, PERCENT, SECONDS, CENTS, MINUTES, STARS, TEXT, DAY = (
    *("count", "percent", "seconds", "cents", "minutes", "stars", "text", "day"),
)
"""Units of columns: those of figures, a text, and a date."""

OWNER_WEEK, FRONT_DESK, TAX_MONTH, BOOKING, SERVICES = (
    *("owner_week", "front_desk", "tax_month", "booking", "services"),
)
FIGURES: Mapping[str, str] = {code: DEFINITIONS[code].unit for code in CODES}
"""Figures of the dashboard that may be columns → their unit."""
CHANNELS, MIX, TECHNICIANS, HEAT, FUNNEL = "channels", "mix", "technicians", "heat", "funnel"
"""What a report of figures shows below its days."""
WEEKLY, MONTHLY = "weekly", "monthly"
PDF, XLSX, CSV = "pdf", "xlsx", "csv"
FORMS = (PDF, XLSX, CSV)


@dataclass(frozen=True, slots=True)
class Template:
    """A report. ``columns`` of its main table → their unit; ``usual`` are those nobody has to choose."""

    code: str
    columns: Mapping[str, str]
    usual: tuple[str, ...]
    parts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Permissions beside ``analytics.read``."""
    rhythm: str = WEEKLY
    charted: tuple[str, ...] = field(default=())
    """Figures that are drawn, the most telling first."""

    @property
    def narrows(self) -> bool:
        """Whether filters narrow it; books know neither channels nor hours."""
        return self.columns is FIGURES


_BOOKS = ("accounting.read",)
TEMPLATES: Mapping[str, Template] = {
    template.code: template
    for template in (
        Template(
            OWNER_WEEK,
            FIGURES,
            ("new_leads", "conversion", "bookings", "utilisation", "hours_sold", "revenue"),
            (MIX, TECHNICIANS),
            charted=("revenue", "bookings", "new_leads"),
        ),
        Template(
            FRONT_DESK,
            FIGURES,
            ("new_leads", "chat_volume", "first_response", "assistant_solved", "conversion", "bookings"),
            (FUNNEL, CHANNELS, HEAT),
            charted=("new_leads", "chat_volume"),
        ),
        Template(
            TAX_MONTH,
            {
                **{"number": TEXT, "issued_on": DAY, "supplied_on": DAY, "kind": TEXT},
                **dict.fromkeys(("net", "vat", "gross", "paid", "open"), CENTS),
            },
            ("number", "issued_on", "kind", "net", "vat", "gross", "open"),
            needs=_BOOKS,
            rhythm=MONTHLY,
        ),
        Template(
            BOOKING,
            FIGURES,
            ("bookings", "no_show", "utilisation", "hours_sold", "average_order", "returning"),
            (TECHNICIANS, HEAT),
            charted=("bookings", "utilisation"),
        ),
        Template(
            SERVICES,
            {
                **{"name": TEXT, "asked": COUNT, "booked": COUNT, "booked_value": CENTS, "price": CENTS},
                **{"accepted": COUNT, "declined": COUNT, "acceptance": PERCENT},
                **{"sold": COUNT, "hours": MINUTES, "net": CENTS, "share": PERCENT},
                **{"cost": CENTS, "margin": CENTS},
            },
            ("name", "asked", "booked", "acceptance", "sold", "net", "share", "margin"),
            needs=_BOOKS,
            rhythm=MONTHLY,
        ),
    )
}


def template_of(code: str) -> Template:
    """The report of this name. Raises Invalid ``report_template_unknown``."""
    if code not in TEMPLATES:
        raise Invalid("report_template_unknown", field="template")
    return TEMPLATES[code]


def columns_of(template: Template, chosen: Sequence[str]) -> tuple[str, ...]:
    """The chosen columns in their order, each once.

    Raises:
        Invalid: ``report_columns_missing`` for none, ``report_column_unknown``.

    """
    columns = tuple(dict.fromkeys(chosen))
    if not columns:
        raise Invalid("report_columns_missing", field="columns")
    if not template.columns.keys() >= set(columns):
        raise Invalid("report_column_unknown", field="columns")
    return columns


def form_of(form: str) -> str:
    """The form itself. Raises Invalid ``report_form_unknown``."""
    if form not in FORMS:
        raise Invalid("report_form_unknown", field="form")
    return form
