"""Files of banks: CAMT statements in, pain.008 direct debits out."""
