"""The Heute page's parts."""
