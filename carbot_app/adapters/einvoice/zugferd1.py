"""ZUGFeRD 1.0 said the same with other names; with today's names the reader of CII reads it."""

from typing import Any

_HEAD = {
    "SpecifiedExchangedDocumentContext": "ExchangedDocumentContext",
    "HeaderExchangedDocument": "ExchangedDocument",
    "SpecifiedSupplyChainTradeTransaction": "SupplyChainTradeTransaction",
    "ApplicableSupplyChainTradeAgreement": "ApplicableHeaderTradeAgreement",
    "ApplicableSupplyChainTradeDelivery": "ApplicableHeaderTradeDelivery",
    "ApplicableSupplyChainTradeSettlement": "ApplicableHeaderTradeSettlement",
    "SpecifiedSupplyChainTradeAgreement": "SpecifiedLineTradeAgreement",
    "SpecifiedSupplyChainTradeDelivery": "SpecifiedLineTradeDelivery",
    "SpecifiedSupplyChainTradeSettlement": "SpecifiedLineTradeSettlement",
    "ApplicablePercent": "RateApplicablePercent",
}
_SUMS = "SpecifiedTradeSettlementMonetarySummation"


def in_todays_names(root: Any) -> Any:
    """The same tree, renamed in place."""
    for element in root.iter("{*}*"):
        namespace, _, name = element.tag.rpartition("}")
        if name == _SUMS:
            parent = element.getparent().tag
            kind = "Line" if parent.endswith("SpecifiedLineTradeSettlement") else "Header"
            name = f"SpecifiedTradeSettlement{kind}MonetarySummation"
        element.tag = f"{namespace}}}{_HEAD.get(name, name)}"
    return root
