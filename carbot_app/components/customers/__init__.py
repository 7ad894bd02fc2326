"""Parts of the customers' pages."""
