"""Roles and what each may do."""

OWNER = "owner"
MANAGER = "manager"
FRONT_DESK = "front_desk"
TECHNICIAN = "technician"
ACCOUNTANT = "accountant"
ROLES = (OWNER, MANAGER, FRONT_DESK, TECHNICIAN, ACCOUNTANT)

_READ = {"inbox.read", "bookings.read", "catalog.read", "analytics.read"}
_DIAGNOSTICS = {"diagnostics.read", "diagnostics.run"}
_TYRES = {"tyres.read", "tyres.measure", "tyres.manage"}
_BILLS = {"invoices.read", "invoices.manage", "payments.manage"}
_DESK = (
    _READ
    | {"inbox.reply", "leads.manage", "bookings.manage", "messages.read", "photos.manage"}
    | {"orders.read", "orders.work", "orders.manage"}
    | _TYRES
    | _DIAGNOSTICS
    | _BILLS
)
_BOOKS = {"invoices.read", "accounting.read", "accounting.manage"}
_MANAGE = (
    _DESK
    | _BOOKS
    | {"catalog.manage", "settings.manage", "team.manage", "billing.settings", "diagnostics.clear"}
)

PERMISSIONS: dict[str, frozenset[str]] = {
    OWNER: frozenset(_MANAGE | {"team.owners", "api_keys.manage", "automations.manage", "privacy.manage"}),
    MANAGER: frozenset(_MANAGE),
    FRONT_DESK: frozenset(_DESK),
    TECHNICIAN: frozenset(
        {"bookings.read", "catalog.read", "tyres.read", "tyres.measure", "photos.manage"}
        | {"orders.read", "orders.work"}
        | _DIAGNOSTICS
        | {"diagnostics.clear"}
    ),
    ACCOUNTANT: frozenset({"bookings.read", "catalog.read", "analytics.read", "orders.read"} | _BOOKS),
}
"""Role → permissions; a service checks one of these strings, never the role."""

API_SCOPES = frozenset(
    _READ
    | {"inbox.reply", "leads.manage", "bookings.manage", "orders.read", "orders.manage", "invoices.read"}
)
"""Permissions an API key may be given."""
