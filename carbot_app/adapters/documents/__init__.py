"""Documents: labels as PDF."""
