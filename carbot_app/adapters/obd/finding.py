"""Adapters that are plugged in or paired with this machine."""

from pathlib import Path

_BLUETOOTH = "rfcomm*"


def find_adapters() -> list[str]:
    """Serial devices on USB and paired Bluetooth ones; those built into the machine are left alone."""
    from serial.tools import list_ports

    usb = [port.device for port in list_ports.comports() if port.vid is not None]
    return sorted({*usb, *(str(path) for path in Path("/dev").glob(_BLUETOOTH))})
