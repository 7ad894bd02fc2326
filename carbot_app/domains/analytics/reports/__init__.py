"""Reports of the figures: chosen, built as jobs, kept, sent by plan."""
