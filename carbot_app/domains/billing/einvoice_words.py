"""Findings, and what the standard has no terms for, in the words of whoever reads them."""

from carbot_app.domains.billing.document import Note, Vehicle
from carbot_app.domains.billing.einvoices import Finding
from carbot_app.kit.i18n import list_words, translate


def words_of(finding: Finding, language: str) -> str:
    """One sentence; the names of fields are translated, figures stay as they were found."""
    variables = {"rule": finding.rule, "detail": finding.detail, **dict(finding.params)}
    term = variables.get("term", "")
    name = list_words(language, "einvoice").get(f"term.{term}", term)
    text = translate(language, f"einvoice.finding.{finding.code}", **{**variables, "term": name})
    return text[:1].upper() + text[1:]


def vehicle_note(vehicle: Vehicle, language: str) -> Note:
    """The car as a note of an electronic invoice, which reaches those who read only the XML."""
    kilometres = f"{vehicle.kilometres} km" if vehicle.kilometres else ""
    facts = (
        ("vehicle.plate", vehicle.plate),
        ("vehicle.vin", vehicle.vin),
        ("vehicle.kilometres", kilometres),
        ("fact.order", vehicle.order_number),
    )
    said = [f"{translate(language, f'paper.{name}')}: {value}" for name, value in facts if value]
    return Note(", ".join(filter(None, [vehicle.model, *said])))
