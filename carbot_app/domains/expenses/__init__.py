"""Invoices of suppliers: received, shown, checked, booked and paid."""
