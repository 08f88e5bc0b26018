"""Tie a program's life to its parent's: `python -m floorpulse.demo.tether PARENT COMMAND…`.

Asks the kernel to kill this process when the one with the id PARENT is gone, however it went, and becomes COMMAND. Only
Linux can do that. What a tethered program makes must need no tidying up: nobody would be left to do it.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from typing import Final

PR_SET_PDEATHSIG: Final = 1


def tethered(command: Sequence[str]) -> list[str]:
    """The command line that runs `command` for as long as this process lives."""
    return [sys.executable, "-m", "floorpulse.demo.tether", str(os.getpid()), *command]


def main() -> None:
    """Become the command."""
    parent, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):  # it was gone before the kernel was told
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
