"""The staff frame filled from the session, with the live channel behind it."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from carbot_app.components.i18n import t_choice
from carbot_app.components.layout.staff import staff_shell
from carbot_app.components.layout.staff_frame import Place, StaffFrame
from carbot_app.components.live import live_channel, sound_bell
from carbot_app.state.inbox import InboxState
from carbot_app.state.session import SIGN_IN_PAGE, SessionState

_SESSION: Any = SessionState

_SIGN_OUT = rx.call_script(
    "fetch('/api/auth/sign-out', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'})"
    # Who signs in next in this tab must not find the state of who was here before
    f".then(() => {{ sessionStorage.clear(); location.assign('{SIGN_IN_PAGE}') }})"
)


def signed_in_page(
    *content: Any,
    title: Any,
    active: Place,
    on_live: Sequence[Any] = (),
    on_toast_action: Any = InboxState.undo_finish,
    **shell: Any,
) -> rx.Component:
    """A page of the workshop's people; ``on_live`` are further handlers of ``(topic, id, kind)``,
    ``on_toast_action`` gets the value of a message's button."""
    # What the page shows goes before the figures of its frame
    handlers = [*on_live, SessionState.on_live]
    return rx.fragment(
        staff_shell(*content, frame=_frame(on_toast_action), title=title, active=active, **shell),
        sound_bell(),
        live_channel(
            on_change=lambda topic, subject, kind: [handler(topic, subject, kind) for handler in handlers]
        ),
    )


def _frame(on_toast_action: Any) -> StaffFrame:
    return StaffFrame(
        workshop_name=_SESSION.workshop_name,
        workshop_place=_SESSION.workshop_city,
        workshop_initial=_SESSION.workshop_name[0],
        locations=_SESSION.locations,
        person_name=_SESSION.person_name,
        person_role=t_choice("staff.role", _SESSION.role),
        person_initials=_SESSION.person_initials,
        person_tint=_SESSION.person_tint,
        language=_SESSION.language,
        unread=_SESSION.unread,
        assistant_on=_SESSION.assistant_on,
        solved=_SESSION.solved_today,
        solved_of=_SESSION.answered_today,
        accent=_SESSION.accent,
        open_orders=_SESSION.open_orders,
        overdue_invoices=_SESSION.overdue_invoices,
        sees_orders=_SESSION.permissions.contains("orders.read"),
        sees_invoices=_SESSION.permissions.contains("invoices.read"),
        sees_customers=_SESSION.permissions.contains("inbox.read"),
        sees_catalog=_SESSION.permissions.contains("catalog.read"),
        sees_diagnostics=_SESSION.permissions.contains("diagnostics.read"),
        sees_tyres=_SESSION.permissions.contains("tyres.read"),
        sees_accounting=_SESSION.permissions.contains("accounting.read"),
        sees_analytics=_SESSION.permissions.contains("analytics.read"),
        sees_automations=_SESSION.permissions.contains("automations.manage"),
        on_search=InboxState.search_all,
        on_sign_out=_SIGN_OUT,
        on_toast_action=on_toast_action,
    )
