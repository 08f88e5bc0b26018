"""What a person who runs a command can put right."""

from typing import Final

EXIT_USAGE: Final = 2
"""The command could not do its work because of what it was given."""
EXIT_INTERRUPTED: Final = 130
"""Stopped by Ctrl-C, as shells count it."""
EXIT_PIPE: Final = 141
"""Whoever read the output left, as shells count it."""


class UserError(Exception):
    """A mistake of the person at the keyboard: shown as it is, without a traceback, with exit code 2.

    Its text names the thing and the remedy; where several things are wrong, one a line.
    """
