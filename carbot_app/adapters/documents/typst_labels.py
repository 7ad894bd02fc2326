"""Labels as PDF, set by Typst, with a QR code by segno."""

import io
import json
from dataclasses import asdict
from pathlib import Path

import segno
import typst

from carbot_app.domains.tyres.schemas import Label

_TEMPLATE = Path(__file__).with_name("wheel_label.typ")


class TypstLabelPrinter:
    """A LabelPrinter for A6 sheets. Texts go in as data, so nothing a customer is called can be markup."""

    def print_label(self, label: Label) -> bytes:
        """See LabelPrinter."""
        picture = io.BytesIO()
        segno.make(label.link, error="m", micro=False).save(picture, kind="svg", border=1)
        inputs = {
            "label": json.dumps(asdict(label)),
            "code": picture.getvalue().decode(),
        }
        return typst.compile(_TEMPLATE.read_bytes(), sys_inputs=inputs)
