"""The inbox: list, thread and side pane."""
