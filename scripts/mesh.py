"""Run the embedded broker of the demo on loopback, for tests: `python -m scripts.mesh`.

The first line on standard output is the bootstrap server. It stays in the foreground, keeps everything in memory, and
stops on SIGTERM or SIGINT, and when its parent dies.
"""

from __future__ import annotations

import os
import signal
import sys

from floorpulse.demo.mesh import MeshError, mesh


def main() -> None:
    """The command."""
    stopping, parent = {signal.SIGINT, signal.SIGTERM}, os.getppid()
    signal.pthread_sigmask(signal.SIG_BLOCK, stopping)
    try:
        with mesh() as (bootstrap, process):
            print(bootstrap, flush=True)
            while not signal.sigtimedwait(stopping, 0.5) and os.getppid() == parent:
                if process.poll() is not None:
                    sys.exit(f"mesh.py: the broker ended with code {process.returncode}")
    except MeshError as error:
        sys.exit(f"mesh.py: {error}")


if __name__ == "__main__":
    main()
