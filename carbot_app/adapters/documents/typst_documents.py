"""Estimates, orders, invoices and reminders as PDF/A-3, set by Typst; with XML also ZUGFeRD."""

import json
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import font_source_sans_pro
import typst

from carbot_app.adapters.documents.payment_codes import giro_code, swiss_bill
from carbot_app.adapters.documents.zugferd import declare_invoice
from carbot_app.domains.billing.paper import Paper
from carbot_app.domains.billing.paper_content import content_of

_TEMPLATE = Path(__file__).with_name("document.typ")
_FONTS = Path(font_source_sans_pro.__file__).parent / "files"
_STANDARDS: Any = ["a-3a", "ua-1"]


class TypstDocumentPrinter:
    """A DocumentPrinter. Texts go in as data, so nothing a customer is called can be markup."""

    def print(self, paper: Paper, xml: bytes = b"") -> bytes:
        """See DocumentPrinter."""
        inputs = {
            "content": json.dumps(content_of(paper)),
            "code": giro_code(paper),
            "bill": swiss_bill(paper),
            "xml": xml.decode(),
        }
        with TemporaryDirectory() as folder:
            if paper.look.logo:
                inputs["logo"] = f"/logo.{paper.look.logo_format}"
                Path(folder, f"logo.{paper.look.logo_format}").write_bytes(paper.look.logo)
            pdf = typst.compile(
                _TEMPLATE.read_bytes(),
                root=cast(Any, folder),
                font_paths=_fonts(),
                sys_inputs=inputs,
                pdf_standards=_STANDARDS,
                timestamp=_moment(paper.document.issued_on),
            )
        return declare_invoice(pdf) if xml else pdf


def _moment(issued_on: date) -> int:
    """A document printed again is the same file."""
    return int(datetime.combine(issued_on, time(12), UTC).timestamp())


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(font_paths=[_FONTS])
