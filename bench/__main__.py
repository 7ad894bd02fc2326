"""``python -m bench [name…]``: all benchmarks, or those named."""

import sys

from bench.analytics import analytics
from bench.api_read import api_read
from bench.catalog import catalog
from bench.catalog_import import catalog_import
from bench.chat import first_token, lead_visible
from bench.dashboard_page import dashboard_event, dashboard_lighthouse
from bench.einvoice import einvoice
from bench.forecast import forecast_back_test
from bench.inbound import inbound
from bench.inbox import inbox
from bench.invoice_list import invoice_list
from bench.invoices import invoices
from bench.obd_pixel import obd_pixel
from bench.obd_speed import obd_speed
from bench.obd_stream import obd_stream
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
    "dashboard_event": dashboard_event,
    "dashboard_lighthouse": dashboard_lighthouse,
    "inbox_50k": inbox,
    "invoice_list_100k": invoice_list,
    "inbound": inbound,
    "browsers_10k": booking_page,
    "catalog_import": catalog_import,
    "analytics": analytics,
    "einvoice": einvoice,
    "invoices": invoices,
    "forecast": forecast_back_test,
    "obd_stream": obd_stream,
    "obd_speed": obd_speed,
    "obd_pixel": obd_pixel,
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
