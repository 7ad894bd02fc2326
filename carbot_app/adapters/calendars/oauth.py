"""Access by authorisation code (RFC 6749) with PKCE (RFC 7636), renewed before it ends."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from carbot_app.adapters.calendars.http import Wire, json_of
from carbot_app.domains.calendars.ports import CalendarRevoked, CalendarUnavailable, Secret

_EARLY_SECONDS = 120


@dataclass(frozen=True, slots=True)
class OAuthApp:
    """CarBot as a provider knows it."""

    client_id: str
    client_secret: str
    redirect_uri: str
    consent_url: str
    token_url: str
    scope: str
    extra: tuple[tuple[str, str], ...] = ()
    """Further parameters of the consent page."""

    def consent_address(self, *, state: str, challenge: str) -> str:
        """Where a person allows access."""
        asked = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": self.scope,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **dict(self.extra),
        }
        return f"{self.consent_url}?{urlencode(asked)}"

    def redeem(self, wire: Wire, *, code: str, verifier: str) -> Secret:
        """Tokens for the code that came back."""
        return self._ask(
            wire,
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.redirect_uri,
                "code_verifier": verifier,
            },
            {},
        )

    def renew(self, wire: Wire, secret: Secret) -> Secret:
        """A secret with a new access token; some providers change the refresh token too."""
        if not secret.get("refresh_token"):
            raise CalendarRevoked("no refresh token")
        return self._ask(
            wire,
            {"grant_type": "refresh_token", "refresh_token": str(secret["refresh_token"])},
            secret,
        )

    def _ask(self, wire: Wire, form: dict[str, str], before: Secret) -> Secret:
        identity = {"client_id": self.client_id, "client_secret": self.client_secret}
        answer = wire.ask("POST", self.token_url, data={**form, **identity}, allow=(400,))
        found = json_of(answer)
        if answer.status_code == 400:
            # RFC 6749 5.2: the grant is over, or our own set-up is wrong; neither mends itself.
            raise CalendarRevoked(str(found.get("error", ""))[:60])
        if not isinstance(found.get("access_token"), str):
            raise CalendarUnavailable("answer without access token")
        seconds = found.get("expires_in")
        lifetime = seconds if isinstance(seconds, int | float) and seconds > 0 else 3600
        refresh = found.get("refresh_token") or before.get("refresh_token", "")
        return {
            **before,
            "access_token": found["access_token"],
            "refresh_token": refresh,
            "expires": int(time.time() + lifetime),
        }


class Access:
    """Asks a provider's API with a token that is still good."""

    def __init__(self, app: OAuthApp, wire: Wire, secret: Secret, keep: Callable[[Secret], None]) -> None:
        self._app = app
        self._wire = wire
        self._secret = secret
        self._keep = keep

    def ask(self, method: str, url: str, *, headers: dict[str, str] | None = None, **options: Any) -> Any:
        """Like Wire.ask; a token refused before its time is renewed once."""
        if time.time() > int(self._secret.get("expires", 0)) - _EARLY_SECONDS:
            self._renew()
        allow = options.pop("allow", ())
        answer = self._wire.ask(
            method, url, headers=self._with_token(headers), allow=(*allow, 401), **options
        )
        if answer.status_code == 401:
            self._renew()
            answer = self._wire.ask(method, url, headers=self._with_token(headers), allow=allow, **options)
        return answer

    def close(self) -> None:
        """Give connections back."""
        self._wire.close()

    def _renew(self) -> None:
        self._secret = self._app.renew(self._wire, self._secret)
        self._keep(self._secret)

    def _with_token(self, headers: dict[str, str] | None) -> dict[str, str]:
        return {**(headers or {}), "authorization": f"Bearer {self._secret['access_token']}"}
