"""What a person who runs a command can put right."""

EXIT_USAGE = 2
"""Exit code of a command that could not do its work because of what it was given."""


class UserError(Exception):
    """A mistake of the person at the keyboard: shown as it is, without a traceback, with exit code 2.

    Its text names the thing and the remedy; where several things are wrong, one a line.
    """
