"""States of a diagnostic session (pure). ``waiting`` is ours, the others are what the agent says."""

WAITING = "waiting"
"""Opened by staff; the car is not plugged in yet."""
CONNECTING = "connecting"
CONNECTED = "connected"
IGNITION_OFF = "ignition_off"
ADAPTER_LOST = "adapter_lost"
"""The adapter, or the agent itself, does not answer; it may come back."""
ENDED = "ended"
STATES = (WAITING, CONNECTING, CONNECTED, IGNITION_OFF, ADAPTER_LOST, ENDED)
AGENT, RELAY, SERVER = "agent", "relay", "server"
WAYS = (AGENT, RELAY, SERVER)
