"""Opens XML of strangers: no entities, no network, no document type, bounded in size."""

from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - lxml has no stubs

from carbot_app.adapters import strange_xml
from carbot_app.kit.errors import Invalid, TooLarge

MAX_XML = 24 * 1024 * 1024
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WRONG_ENCODING = {
    etree.ErrorTypes.ERR_INVALID_ENCODING,
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
    etree.ErrorTypes.ERR_INVALID_CHAR,
}


def looks_like_xml(content: bytes) -> bool:
    """Whether the first sign after a mark of the byte order and white space is a bracket."""
    start = content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return start.startswith(b"<")


def open_xml(content: bytes) -> Any:
    """The root element. ``Invalid`` for what is no XML or tries to be more than a document."""
    if len(content) > MAX_XML:
        raise TooLarge("einvoice_too_large", limit=MAX_XML // 1024 // 1024)
    if not content.startswith(_BYTE_ORDER_MARKS):
        content = content.lstrip()
    try:
        return strange_xml.parse(content)
    except strange_xml.XmlBroken as error:
        raise Invalid(
            "einvoice_encoding" if error.code in _WRONG_ENCODING else "einvoice_xml_broken"
        ) from error
    except strange_xml.DocumentTypeRefused as error:
        raise Invalid("einvoice_doctype") from error
