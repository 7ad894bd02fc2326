"""Reports of the figures: built, kept and sent."""
