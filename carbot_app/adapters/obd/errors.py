"""What can go wrong between here and a car."""


class ObdError(Exception):
    """``reason`` is one lower-case word or several joined by ``_``, fit for ``State.reason`` of wire.py."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AdapterLost(ObdError):
    """The adapter is gone, cannot be reached, or has stopped making sense."""


class AdapterSilent(ObdError):
    """No prompt in time; the next request may work."""


class CarSilent(ObdError):
    """The adapter works, the car does not answer: the ignition is off."""


class Refused(ObdError):
    """A control unit said no (``7F service code``)."""

    def __init__(self, code: int) -> None:
        super().__init__(_REFUSALS.get(code, "refused"))
        self.code = code


_REFUSALS = {
    0x10: "refused",
    0x11: "not_supported",
    0x12: "not_supported",
    0x21: "busy",
    0x22: "conditions_not_correct",
    0x31: "not_supported",
    0x33: "security_access_denied",
    0x78: "busy",
}
"""ISO 14229-1, annex A; those emission services use."""
