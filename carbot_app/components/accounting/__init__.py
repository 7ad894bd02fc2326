"""The books: months, invoices of suppliers, revenue, audit."""
