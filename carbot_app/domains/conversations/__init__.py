"""Threads with customers, the assistant and the hand-over to people."""
