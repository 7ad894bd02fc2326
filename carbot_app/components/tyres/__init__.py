"""Components of the tyre hotel."""
