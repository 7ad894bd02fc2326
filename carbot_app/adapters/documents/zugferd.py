"""Declares in the metadata of a PDF that the XML attached to it is its invoice (ZUGFeRD 2, Factur-X 1).

factur-x can do it too, but writes new metadata: the claims of PDF/A-3a and PDF/UA would be lost, and each
print of a document would be another file.
"""

from io import BytesIO
from typing import cast

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

FILENAME = "factur-x.xml"
_NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_PROPERTIES = (
    ("DocumentFileName", FILENAME, "The name of the embedded XML document"),
    ("DocumentType", "INVOICE", "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER"),
    ("Version", "1.0", "The actual version of the standard applying to the embedded XML document"),
    ("ConformanceLevel", "EN 16931", "The conformance level of the embedded XML document"),
)
_SCHEMAS_END = "</rdf:Bag></pdfaExtension:schemas>"
_END = "</rdf:RDF>"


def declare_invoice(pdf: bytes) -> bytes:
    """The same PDF, whose metadata name the invoice attached as FILENAME."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    metadata = cast(StreamObject, writer.root_object["/Metadata"])
    packet = metadata.get_data().decode()
    if _SCHEMAS_END not in packet or _END not in packet:
        raise ValueError("The metadata of the PDF have no place for the schema of Factur-X")
    packet = packet.replace(_SCHEMAS_END, f"{_schema()}{_SCHEMAS_END}", 1)
    packet = packet.replace(_END, f"{_values()}{_END}", 1)
    stream = StreamObject()
    stream.set_data(packet.encode())
    stream[NameObject("/Type")] = NameObject("/Metadata")
    stream[NameObject("/Subtype")] = NameObject("/XML")
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    writer.pdf_header = "%PDF-1.7"
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _schema() -> str:
    properties = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{words}</pdfaProperty:description></rdf:li>"
        for name, _, words in _PROPERTIES
    )
    return (
        '<rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{_NAMESPACE}</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def _values() -> str:
    values = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, value, _ in _PROPERTIES)
    return f'<rdf:Description rdf:about="" xmlns:fx="{_NAMESPACE}">{values}</rdf:Description>'
