"""What every component of the kit shares: classes that may hold Vars, links, and ids."""

from itertools import count
from typing import Any

import reflex as rx
from reflex.vars.base import Var
from reflex_components_core.el.elements.inline import A
from reflex_components_core.react_router.dom import ReactRouterLink

_ids = count(1)


def classes(*parts: Any) -> Any:
    """Class attribute from strings and Vars; empty parts drop out."""
    kept = [part for part in parts if isinstance(part, Var) or part]
    return kept if any(isinstance(part, Var) for part in kept) else " ".join(map(str, kept))


def given(**props: Any) -> dict[str, Any]:
    """The props that were really given, so that None never reaches the DOM."""
    return {name: value for name, value in props.items() if value is not None}


def unique_id(prefix: str) -> str:
    """An id for one place in the page tree; stable within a build because pages are built in one order."""
    return f"{prefix}-{next(_ids)}"


def when(condition: Any, component: Any, otherwise: Any = None) -> Any:
    """``component`` if the condition holds; conditions known at build time cost nothing in the browser."""
    if isinstance(condition, Var):
        return rx.cond(condition, component, otherwise if otherwise is not None else rx.fragment())
    return component if condition else (otherwise if otherwise is not None else rx.fragment())


def link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """A link inside the app, without a page load. Other sites, downloads and ``tel:`` take ``rx.el.a``."""
    return ReactRouterLink.create(*children, to=href, **props)


def plain_link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """A link the browser follows by itself; ``rx.el.a`` is the router's."""
    return A.create(*children, href=href, **props)


def skip_link(label: Any) -> rx.Component:
    """The first stop of the Tab key; ``rx.el.a`` is the router's, which prerenders ``#main`` as a path."""
    return A.create(label, href="#main", class_name="cb-skip")
