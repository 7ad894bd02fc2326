"""Roles and what each may do."""

OWNER = "owner"
MANAGER = "manager"
FRONT_DESK = "front_desk"
TECHNICIAN = "technician"
ACCOUNTANT = "accountant"
ROLES = (OWNER, MANAGER, FRONT_DESK, TECHNICIAN, ACCOUNTANT)

_READ = {"inbox.read", "bookings.read", "catalog.read", "analytics.read"}
_TYRES = {"tyres.read", "tyres.measure", "tyres.manage"}
_DESK = _READ | {"inbox.reply", "leads.manage", "bookings.manage", "messages.read", "photos.manage"} | _TYRES
_MANAGE = _DESK | {"catalog.manage", "settings.manage", "team.manage"}

PERMISSIONS: dict[str, frozenset[str]] = {
    OWNER: frozenset(_MANAGE | {"team.owners", "api_keys.manage", "automations.manage", "privacy.manage"}),
    MANAGER: frozenset(_MANAGE),
    FRONT_DESK: frozenset(_DESK),
    TECHNICIAN: frozenset({"bookings.read", "catalog.read", "tyres.read", "tyres.measure", "photos.manage"}),
    ACCOUNTANT: frozenset({"bookings.read", "catalog.read", "analytics.read"}),
}
"""Role → permissions; a service checks one of these strings, never the role."""

API_SCOPES = frozenset(_READ | {"inbox.reply", "leads.manage", "bookings.manage"})
"""Permissions an API key may be given."""
