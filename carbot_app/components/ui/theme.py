"""The style sheets of the design system, in the order they cascade."""

_SHEETS = (
    "theme",
    "base",
    "controls",
    "signs",
    "surfaces",
    "chat",
    "shell",
    "booking",
    "catalog",
    "pricing",
    "board",
    "photos",
    "approval",
    "check_in",
    "diagnostics",
    "invoices",
    "analytics",
)


def stylesheets() -> list[str]:
    """For ``rx.App(stylesheets=stylesheets())``; paths below ``assets/``."""
    return [f"/styles/{sheet}.css" for sheet in _SHEETS]
