"""Privacy: the list of the forgotten, and the services with what they need from outside."""
