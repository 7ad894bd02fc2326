"""The parts of the catalogue."""
