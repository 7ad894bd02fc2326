"""From done work to money: how it is taxed, summed up, paid, reminded of and booked."""
