"""Files suppliers send, good and bad."""

import zlib
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from carbot_app.adapters.einvoice.writing import FacturxInvoiceWriter
from carbot_app.domains.billing.einvoices import ZUGFERD
from tests.factories.documents import SAMPLES, a_credit, a_document

OIL = SAMPLES[0].read_bytes()
"""RE of another workshop: work and parts at 19 %."""
CREDIT = FacturxInvoiceWriter().write(a_credit(), ZUGFERD)
INVOICE = FacturxInvoiceWriter().write(a_document(), ZUGFERD)


def pdf_with(*files: tuple[str, bytes], password: str = "") -> bytes:
    """A PDF of one empty page with attachments."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    for name, content in files:
        writer.add_attachment(name, content)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    return _written(writer)


def pdf_bomb() -> bytes:
    """A small PDF whose attachment unpacks to 300 MB."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("factur-x.xml", b"<a/>")
    bomb, squeezed = DecodedStreamObject(), zlib.compressobj(1)
    bomb.set_data(b"".join(squeezed.compress(bytes(1 << 20)) for _ in range(300)) + squeezed.flush())
    bomb[NameObject("/Filter")] = NameObject("/FlateDecode")
    files = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"]  # pyright: ignore[reportIndexIssue]
    files[1].get_object()["/EF"][NameObject("/F")] = writer._add_object(bomb)
    return _written(writer)


def entity_bomb() -> bytes:
    """XML whose entities multiply (billion laughs)."""
    entities = b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(10))
    return b'<!DOCTYPE l [<!ENTITY a "ha">' + entities + b"]><Invoice>&k;</Invoice>"


def external_entity() -> bytes:
    """XML that asks for a file of the server."""
    head = b'<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return head + INVOICE.partition(b"?>")[2].replace(b"RE-2026-00042", b"&x;")


def _written(writer: PdfWriter) -> bytes:
    output = BytesIO()
    writer.write(output)
    return output.getvalue()
