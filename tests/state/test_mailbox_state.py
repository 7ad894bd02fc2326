"""The mailbox of the settings: its password is never in the browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from carbot_app.adapters.mail.connecting import trusted
from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.kit.clock import ManualClock
from carbot_app.state.settings_mailbox import MailboxState
from carbot_app.state.settings_place import SettingsState
from tests.peers.imap_server import PASSWORD, USER, Certificate, Pymap
from tests.peers.mailbox import open_submission
from tests.state.tabs import Tab, words_of


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return Certificate(tmp_path / "tls")


@pytest.fixture
def nearby(
    services: Services, clock: ManualClock, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """Servers of this machine with a certificate of ours may be connected."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    trusted.cache_clear()
    settings = Settings(data_dir=services.settings.data_dir, mail_private_hosts=True)
    built = build_services(settings, db=services.db, clock=clock)
    for name in ("settings_mailbox", "settings_place"):
        monkeypatch.setattr(f"carbot_app.state.{name}.get_services", lambda: built)
    yield built
    trusted.cache_clear()


async def test_an_account_is_tried_and_kept_and_its_password_stays_in_the_form(
    nearby: Services, tab: Tab, certificate: Certificate, tmp_path: Path
) -> None:
    await tab.call(SettingsState.load)
    assert "postfach" in (await tab.state(SettingsState)).sections
    await tab.call(MailboxState.load)
    await tab.call(MailboxState.ask, "connect", "")
    state = await tab.state(MailboxState)
    form = {"address": USER, "password": PASSWORD, "incoming": "localhost:9", "outgoing": "localhost:9"}
    await tab.call(MailboxState.connect, form)
    assert (list(state.problems), state.task, state.busy) == (["incoming"], "connect", False)
    with Pymap(tmp_path, Certificate(tmp_path / "unknown")) as server:
        await tab.call(MailboxState.connect, {**form, "incoming": server.address})
        assert "Verschlüsselung" in state.problems["incoming"]
    with Pymap(tmp_path, certificate) as server, open_submission(certificate) as submission:
        right = {**form, "incoming": server.address, "outgoing": submission.url}
        outcomes = await tab.call(MailboxState.connect, right)
    assert "verbunden" in words_of(outcomes)
    assert (state.box.address, state.box.state, state.task) == (USER, "ok", "")
    assert PASSWORD not in str(vars(state))
    await tab.call(MailboxState.disconnect)
    assert state.box.address == ""
