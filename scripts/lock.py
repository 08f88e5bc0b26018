"""Write the lock files: `make lock`.

requirements/dev.txt pins everything with hashes, for Python 3.11 to 3.13 alike; demo.txt and run.txt pin the same
versions of less. `setuptools` is among them because the editable install builds with it.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = {"dev": ["demo", "test", "dev"], "demo": ["demo"], "run": []}


def command(name: str) -> list[str]:
    """The resolver's command line for one lock file; it writes no package index's address."""
    asked = [f"--extra={extra}" for extra in EXTRAS[name]]
    limits = [] if name == "dev" else ["--constraint=requirements/dev.txt"]
    return [
        *(sys.executable, "-m", "uv", "--quiet", "pip", "compile", "pyproject.toml", "--group=build"),
        *asked,
        *limits,
        *("--universal", "--python-version=3.11", "--generate-hashes", "--no-annotate", "--no-emit-index-url"),
        *("--custom-compile-command=make lock", f"--output-file=requirements/{name}.txt"),
        *sys.argv[1:],  # such as --upgrade or --upgrade-package=NAME
    ]


if __name__ == "__main__":
    for lock in EXTRAS:  # the largest first: the others keep to its versions
        subprocess.run(command(lock), cwd=ROOT, check=True)
