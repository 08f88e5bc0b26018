"""The composition root: command line, settings, demo."""
