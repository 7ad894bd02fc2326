"""Photos of cars and wheels: from customers who book, and from staff."""
