"""Use cases of the catalogue's editor: order, edit, bulk edit, packages, terms, history and undo."""

from collections.abc import Sequence
from uuid import UUID

from carbot_app.db.session import Database
from carbot_app.domains.catalog.editing_schemas import (
    BulkEdit,
    BulkPreview,
    CatalogOverview,
    ChangeView,
    DraftPreview,
    RuleDraft,
    ServiceDraft,
    TermsDraft,
)
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.kit.actor import Actor


class CatalogEditing:
    """Reads need ``catalog.read``, writes ``catalog.manage``; a write is one change that can be undone."""

    def __init__(self, *, db: Database, catalog: CatalogService) -> None:
        self._db = db
        self._catalog = catalog

    def overview(self, actor: Actor, *, search: str = "") -> CatalogOverview:
        """Categories and all services; with ``search`` only what it finds, best first."""
        raise NotImplementedError

    def get_draft(self, actor: Actor, code: str) -> ServiceDraft:
        """A service for editing. NotFound("service_unknown")."""
        raise NotImplementedError

    def preview(self, actor: Actor, draft: ServiceDraft) -> DraftPreview:
        """Problems or prices of a draft against what is stored."""
        raise NotImplementedError

    def save(self, actor: Actor, draft: ServiceDraft) -> UUID | None:
        """Store a draft, new or existing; the id of the change, None when nothing was different.

        Raises:
            Invalid: the first problem, with its field.
        """
        raise NotImplementedError

    def move(
        self, actor: Actor, code: str, *, category: str, subcategory: str, before: str | None
    ) -> UUID | None:
        """Put a service in a category, in front of the service ``before``; None: at the end.

        Raises:
            NotFound: ``service_unknown``. Invalid: ``catalog_category_unknown``.
        """
        raise NotImplementedError

    def set_active(self, actor: Actor, codes: Sequence[str], active: bool) -> UUID | None:
        """Offer services, or no longer."""
        raise NotImplementedError

    def preview_bulk(self, actor: Actor, edit: BulkEdit) -> BulkPreview:
        """Every price the edit would change, before anything is stored."""
        raise NotImplementedError

    def apply_bulk(self, actor: Actor, edit: BulkEdit, token: str) -> UUID | None:
        """Do what was previewed.

        Raises:
            Conflict: ``catalog_preview_outdated`` when prices changed since. Invalid: its problems.
        """
        raise NotImplementedError

    def add_category(self, actor: Actor, name: str, *, parent: str = "") -> str:
        """A category of one's own; returns its key. Invalid("catalog_category_name")."""
        raise NotImplementedError

    def rename_category(self, actor: Actor, key: str, name: str) -> UUID | None:
        """Another name in the actor's language."""
        raise NotImplementedError

    def remove_category(self, actor: Actor, key: str) -> UUID | None:
        """Remove an empty category of one's own. Conflict("catalog_category_used")."""
        raise NotImplementedError

    def get_terms(self, actor: Actor) -> TermsDraft:
        """Rates, markups, factors as they are, defaults filled in."""
        raise NotImplementedError

    def save_terms(self, actor: Actor, terms: TermsDraft) -> UUID | None:
        """Store them. Invalid naming the field."""
        raise NotImplementedError

    def list_rules(self, actor: Actor) -> list[RuleDraft]:
        """Surcharges and discounts in their order."""
        raise NotImplementedError

    def save_rule(self, actor: Actor, rule: RuleDraft) -> UUID | None:
        """Store a new or existing rule. Invalid naming the field."""
        raise NotImplementedError

    def remove_rule(self, actor: Actor, rule_id: UUID) -> UUID | None:
        """Remove a rule; undo brings it back."""
        raise NotImplementedError

    def history(self, actor: Actor, *, code: str = "", limit: int = 30) -> list[ChangeView]:
        """Latest changes, of one service when ``code`` is given."""
        raise NotImplementedError

    def undo(self, actor: Actor, change_id: UUID) -> UUID:
        """Take a change back; errors as ``changes.undo_change``."""
        raise NotImplementedError
