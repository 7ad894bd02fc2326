"""Keys of the REST API."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.team.models import ApiKey, Workshop
from carbot_app.domains.team.roles import API_SCOPES
from carbot_app.domains.team.schemas import ApiKeyView
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid, NotFound
from carbot_app.kit.ids import fingerprint, new_id, new_secret
from carbot_app.kit.text import single_line

PREFIX = "cb_"
_SHOWN = 11
_TOUCH_INTERVAL = timedelta(minutes=1)
RECENT = timedelta(seconds=5)
"""How long another process may still accept a key that was revoked here."""


class ApiKeyService:
    """Issue, list, revoke and recognise keys; a key acts with exactly its scopes."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._recent: dict[str, tuple[datetime, Actor]] = {}

    def create_api_key(self, actor: Actor, *, name: str, scopes: Sequence[str]) -> tuple[ApiKeyView, str]:
        """A new key and its secret, which is shown once and stored nowhere.

        Raises:
            Forbidden: without ``api_keys.manage``. Invalid: name, no scope or an unknown one.
        """
        actor.require("api_keys.manage")
        name = single_line(name, field="name", limit=80, required=True)
        if not scopes or not API_SCOPES.issuperset(scopes):
            raise Invalid("scope_unknown", field="scopes")
        secret = PREFIX + new_secret()
        row = ApiKey(
            id=new_id(),
            created_at=self._clock(),
            workshop_id=actor.workshop_id,
            name=name,
            prefix=secret[:_SHOWN],
            key_fingerprint=fingerprint(secret),
            scopes=sorted(set(scopes)),
            created_by=actor.subject_id,
        )
        with self._db.writing(actor.workshop_id) as session:
            session.add(row)
        return _view(row), secret

    def list_api_keys(self, actor: Actor) -> list[ApiKeyView]:
        """All keys of the workshop, newest first, revoked ones included.

        Raises:
            Forbidden: without ``api_keys.manage``.
        """
        actor.require("api_keys.manage")
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(select(ApiKey).order_by(col(ApiKey.id).desc())).all()
        return [_view(row) for row in rows]

    def revoke_api_key(self, actor: Actor, key_id: UUID) -> ApiKeyView:
        """End a key at once; twice is fine.

        Raises:
            Forbidden: without ``api_keys.manage``. NotFound: unknown or another workshop's.
        """
        actor.require("api_keys.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(select(ApiKey).where(ApiKey.id == key_id)).first()
            if row is None:
                raise NotFound
            row.revoked_at = row.revoked_at or self._clock()
        self._recent.pop(row.key_fingerprint, None)
        return _view(row)

    def resolve_api_key(self, key: str) -> Actor | None:
        """The actor behind a key; None when it is unknown or revoked."""
        if not key.startswith(PREFIX):
            return None
        by_key = (
            select(ApiKey, Workshop.language)
            .join(Workshop, col(Workshop.id) == col(ApiKey.workshop_id))
            .where(ApiKey.key_fingerprint == fingerprint(key), col(ApiKey.revoked_at).is_(None))
        )
        with self._db.reading(SYSTEM) as session:
            found = session.exec(by_key).first()
        if found is None:
            self._recent.pop(fingerprint(key), None)
            return None
        row, language = found
        self._touch(row)
        actor = Actor(
            kind="api_key",
            workshop_id=row.workshop_id,
            subject_id=row.id,
            name=row.name,
            language=language,
            permissions=frozenset(row.scopes),
        )
        self._recent[row.key_fingerprint] = (self._clock() + RECENT, actor)
        return actor

    def find_recent(self, key: str) -> Actor | None:
        """The actor of a key resolved in the last five seconds; asks no database and never blocks."""
        until, actor = self._recent.get(fingerprint(key), (None, None))
        return actor if until and until > self._clock() else None

    def _touch(self, row: ApiKey) -> None:
        now = self._clock()
        if row.last_used_at and now - row.last_used_at < _TOUCH_INTERVAL:
            return
        with self._db.writing(SYSTEM) as session:
            session.execute(update(ApiKey).where(col(ApiKey.id) == row.id).values(last_used_at=now))


def _view(row: ApiKey) -> ApiKeyView:
    return ApiKeyView(
        row.id, row.name, row.prefix, tuple(row.scopes), row.created_at, row.last_used_at, row.revoked_at
    )
