"""Big parts of a page that are drawn in slices, so that a tap in between is answered."""

import reflex as rx


class _Deferred(rx.Component):
    library = "$/public/kit/slices"
    tag = "Deferred"


class _Afterwards(rx.Component):
    library = "$/public/kit/slices"
    tag = "Afterwards"


def deferred(*children: rx.Component) -> rx.Component:
    """Both branches of an ``rx.cond``: the old one stays until the new one is drawn."""
    return _Deferred.create(*children)


def afterwards(*children: rx.Component) -> rx.Component:
    """Drawn after everything around it; not in the HTML the server sends."""
    return _Afterwards.create(*children)
