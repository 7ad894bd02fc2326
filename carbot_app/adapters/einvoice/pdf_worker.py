"""``python -m carbot_app.adapters.einvoice.pdf_worker``: PDF in, name and content of its invoice out.

Runs with little memory and time, so whatever a PDF unfolds to ends here. Leaves with 2 for what is no PDF,
3 for one that asks for a password, 4 for one without an invoice.
"""

import contextlib
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError, LimitReachedError, PyPdfError

MEMORY, SECONDS = 1024 * 1024 * 1024, 15
MAX_XML = 24 * 1024 * 1024
NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "cii.xml", "invoice.xml", "ubl.xml")
_MARKS = (b"CrossIndustryInvoice", b"CrossIndustryDocument", b"schema:xsd:Invoice-2", b"xsd:CreditNote-2")


def main() -> int:
    """The exit code; the invoice goes to standard output."""
    _limit()
    try:
        reader = PdfReader(BytesIO(sys.stdin.buffer.read()))
        if reader.is_encrypted and not reader.decrypt(""):
            return 3
        found = _best(reader)
    except FileNotDecryptedError:
        return 3
    except (MemoryError, LimitReachedError):
        return -9
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError, IndexError):
        return 2
    if found is None:
        return 4
    sys.stdout.buffer.write(found[0].replace("\n", " ").encode() + b"\n" + found[1])
    return 0


def _best(reader: PdfReader) -> tuple[str, bytes] | None:
    """The attachment with the best known name that is an invoice, else any XML that is one."""
    invoices: dict[str, tuple[str, bytes]] = {}
    for name, content in _attached(reader):
        if len(content) <= MAX_XML and any(mark in content.replace(b"\x00", b"")[:4096] for mark in _MARKS):
            invoices.setdefault(name.lower(), (name, content))
    for name in NAMES:
        if name in invoices:
            return invoices[name]
    return next(iter(invoices.values()), None)


def _attached(reader: PdfReader) -> Iterator[tuple[str, bytes]]:
    for attachment in reader.attachment_list:
        yield attachment.name or "", attachment.content
    # Some producers list the file only as associated with the document, which the standard allows.
    for reference in reader.root_object.get("/AF") or []:
        with contextlib.suppress(KeyError, AttributeError, TypeError):
            yield _associated(reference.get_object())


def _associated(specification: Any) -> tuple[str, bytes]:
    files = specification["/EF"]
    return str(specification.get("/UF") or specification["/F"]), (
        files.get("/UF") or files["/F"]
    ).get_object().get_data()


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the timeout of the caller is what remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


if __name__ == "__main__":
    code = main()
    # A bomb that hit the limit of memory looks to the caller like one that was killed.
    sys.exit(137 if code < 0 else code)
