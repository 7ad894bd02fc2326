"""Parses XML of strangers: no entities, no network, no document type."""

from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - lxml has no stubs

XmlBroken: Any = etree.XMLSyntaxError


class DocumentTypeRefused(Exception):
    """It brings a document type, which may define entities."""


def parse(content: bytes) -> Any:
    """The root element. Raises XmlBroken or DocumentTypeRefused; how much is too much the caller knows."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentTypeRefused
    return root
