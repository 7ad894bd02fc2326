"""Electronic invoices: written, read and judged, as XML and inside a PDF."""
