"""The register of VAT numbers: what it says is believed, its silence is never taken for a yes or a no."""

from collections.abc import Iterator

import pytest

from carbot_app.adapters.vies.register import ViesRegister
from tests.peers.http_server import HttpServer
from tests.peers.vies import Vies

FRENCH, AUSTRIAN = "FR40303265045", "ATU13585627"


@pytest.fixture
def vies() -> Iterator[tuple[Vies, ViesRegister]]:
    peer = Vies(FRENCH)
    server = HttpServer(peer.app)
    server.start()
    yield peer, ViesRegister(server.origin)
    server.stop()


def test_a_registered_number_comes_with_the_proof_of_having_asked(vies: tuple[Vies, ViesRegister]) -> None:
    peer, register = vies
    answer = register.ask(FRENCH, own_number="DE136695976")
    assert (answer.registered, answer.request_id) == (True, "WAPIAAAAZ1")
    assert answer.asked_at is not None
    assert peer.asked == [
        {
            "countryCode": "FR",
            "vatNumber": "40303265045",
            "requesterMemberStateCode": "DE",
            "requesterNumber": "136695976",
        }
    ]
    assert register.ask(FRENCH, own_number="DE136695976") == answer
    assert len(peer.asked) == 1


def test_a_number_nobody_has_is_told_apart(vies: tuple[Vies, ViesRegister]) -> None:
    assert vies[1].ask(AUSTRIAN).registered is False


@pytest.mark.parametrize("number", ["ESA28015865", "PL8567346215", "MT11679112"])
def test_silence_errors_and_nonsense_leave_a_number_unverified(
    vies: tuple[Vies, ViesRegister], number: str
) -> None:
    peer, register = vies
    assert [register.ask(number).registered for _ in range(2)] == [None, None]
    assert len(peer.asked) == 2


def test_a_register_that_is_away_leaves_a_number_unverified() -> None:
    assert ViesRegister("http://127.0.0.1:9").ask(FRENCH).registered is None
