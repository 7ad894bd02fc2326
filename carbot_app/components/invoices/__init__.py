"""Parts of the page of invoices."""
