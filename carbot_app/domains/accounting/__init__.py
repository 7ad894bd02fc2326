"""What tax adviser and tax office get: bookings, figures of the VAT return, lists and the audit export."""
