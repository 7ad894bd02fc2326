"""Opens calendar accounts with what the settings say about providers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from carbot_app.adapters.calendars import google, microsoft
from carbot_app.adapters.calendars.caldav import CalDavCalendar
from carbot_app.adapters.calendars.http import Wire
from carbot_app.adapters.calendars.oauth import Access, OAuthApp
from carbot_app.domains.calendars.ports import CalendarRevoked, RemoteCalendar, Secret


@dataclass(frozen=True, slots=True)
class Provider:
    """What an installation has been given for one provider; addresses are empty for the real one."""

    client_id: str = ""
    client_secret: str = ""
    api_url: str = ""
    consent_url: str = ""
    token_url: str = ""


class Accounts:
    """CalDAV always, Google and Microsoft once a client id is set."""

    def __init__(
        self,
        *,
        public_url: str,
        google_app: Provider = Provider(),
        microsoft_app: Provider = Provider(),
        private_hosts: bool = False,
    ) -> None:
        redirect = f"{public_url}/api/calendars/callback"
        self._given = {"google": google_app, "microsoft": microsoft_app}
        self._private_hosts = private_hosts
        self._apps = {
            "google": OAuthApp(
                client_id=google_app.client_id,
                client_secret=google_app.client_secret,
                redirect_uri=redirect,
                consent_url=google_app.consent_url or google.CONSENT_URL,
                token_url=google_app.token_url or google.TOKEN_URL,
                scope=google.SCOPE,
                extra=google.EXTRA,
            ),
            "microsoft": OAuthApp(
                client_id=microsoft_app.client_id,
                client_secret=microsoft_app.client_secret,
                redirect_uri=redirect,
                consent_url=microsoft_app.consent_url or microsoft.CONSENT_URL,
                token_url=microsoft_app.token_url or microsoft.TOKEN_URL,
                scope=microsoft.SCOPE,
            ),
        }

    @property
    def providers(self) -> Mapping[str, bool]:
        """See CalendarAccounts."""
        return {"caldav": True, **{name: bool(app.client_id) for name, app in self._given.items()}}

    def open(self, provider: str, secret: Secret, keep: Callable[[Secret], None]) -> RemoteCalendar:
        """See CalendarAccounts."""
        if provider == "caldav":
            return CalDavCalendar(secret, private_hosts=self._private_hosts)
        if not self.providers[provider]:
            raise CalendarRevoked("provider is no longer set up")
        access = Access(self._apps[provider], self._wire(), secret, keep)
        api_url = self._given[provider].api_url
        if provider == "google":
            return google.GoogleCalendar(access, api_url=api_url)
        return microsoft.MicrosoftCalendar(access, api_url=api_url)

    def consent_url(self, provider: str, *, state: str, challenge: str) -> str:
        """See CalendarAccounts."""
        return self._apps[provider].consent_address(state=state, challenge=challenge)

    def redeem(self, provider: str, *, code: str, verifier: str) -> Secret:
        """See CalendarAccounts."""
        wire = self._wire()
        try:
            return self._apps[provider].redeem(wire, code=code, verifier=verifier)
        finally:
            wire.close()

    def _wire(self) -> Wire:
        return Wire(private_hosts=self._private_hosts)
