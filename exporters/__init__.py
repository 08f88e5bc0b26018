"""Exporters follow the published state and serve it."""
