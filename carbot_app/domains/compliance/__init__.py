"""What the law asks of the data: how long it is kept, what a person may know of it, how it goes."""
