"""Talking to cars: ELM327 and STN adapters over serial, Bluetooth, TCP or a browser."""
