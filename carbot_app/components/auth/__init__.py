"""Parts of the sign-in pages."""
