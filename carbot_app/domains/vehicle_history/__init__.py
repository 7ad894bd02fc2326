"""What a workshop did to a car and what its odometer said, as a signed chain nobody can change unseen."""
