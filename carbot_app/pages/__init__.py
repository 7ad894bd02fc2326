"""One module per route: layout, nothing else."""
