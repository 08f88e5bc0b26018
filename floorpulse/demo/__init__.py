"""A simulated sales floor on its own clock."""
