"""``python -m bench [name…]``: all benchmarks, or those named."""

import sys

from bench.api_read import api_read
from bench.catalog import catalog
from bench.catalog_import import catalog_import
from bench.chat import first_token, lead_visible
from bench.einvoice import einvoice
from bench.inbound import inbound
from bench.inbox import inbox
from bench.page_events import booking_page, inbox_filter
from bench.public_pages import lighthouse
from bench.slots import slots

BENCHMARKS = {
    "lighthouse": lighthouse,
    "widget": first_token,
    "lead_visible": lead_visible,
    "api_read": api_read,
    "catalog": catalog,
    "slots": slots,
    "inbox_filter": inbox_filter,
    "inbox_50k": inbox,
    "inbound": inbound,
    "browsers_10k": booking_page,
    "catalog_import": catalog_import,
    "einvoice": einvoice,
}


def main() -> None:
    """Run one after the other; each prints its result as JSON."""
    wanted = sys.argv[1:] or list(BENCHMARKS)
    if unknown := set(wanted) - set(BENCHMARKS):
        sys.exit(f"Unknown: {', '.join(sorted(unknown))}. There are: {', '.join(BENCHMARKS)}")
    for name in wanted:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main()
