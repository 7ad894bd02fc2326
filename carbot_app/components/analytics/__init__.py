"""The Auswertung page's parts."""
