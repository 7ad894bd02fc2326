"""The certificate of a vehicle history as PDF, set by Typst."""

import io
import json
from dataclasses import asdict
from pathlib import Path

import font_source_sans_pro
import segno
import typst

from carbot_app.domains.vehicle_history.schemas import Certificate

_TEMPLATE = Path(__file__).with_name("history.typ")
_FONTS = Path(font_source_sans_pro.__file__).parent / "files"


class TypstCertificatePrinter:
    """A CertificatePrinter for A4. Texts go in as data, so nothing anybody wrote can be markup."""

    def print_certificate(self, certificate: Certificate) -> bytes:
        """See CertificatePrinter."""
        inputs = {"sheet": json.dumps(asdict(certificate)), "code": _drawn(certificate.code)}
        fonts = typst.Fonts(font_paths=[_FONTS])
        return typst.compile(_TEMPLATE.read_bytes(), font_paths=fonts, sys_inputs=inputs)


def _drawn(text: str) -> str:
    picture = io.BytesIO()
    segno.make(text, error="m", boost_error=False, micro=False).save(picture, kind="svg", border=0)
    return picture.getvalue().decode()
