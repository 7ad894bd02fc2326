"""What the browser does by itself in the list of invoices; see assets/invoices/invoices.js."""

from typing import Any

import reflex as rx

_LIBRARY = "$/public/invoices/invoices"


class _InvoiceKeys(rx.Component):
    library = _LIBRARY
    tag = "InvoiceKeys"


class _ListEnd(rx.Component):
    library = _LIBRARY
    tag = "ListEnd"

    mark: rx.Var[int]
    on_near: rx.EventHandler[rx.event.no_args_event_spec]


def invoice_keys() -> rx.Component:
    """The keys of the help sheet."""
    return _InvoiceKeys.create()


def list_end(*, mark: Any, on_near: Any) -> rx.Component:
    """Calls ``on_near`` before the reader reaches the end; ``mark`` changes with the rows."""
    return _ListEnd.create(mark=mark, on_near=on_near)
