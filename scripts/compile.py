"""Build the wheel with the compiled core and unpack it into a folder: `python -m scripts.compile [FOLDER]`.

Whatever runs with that folder first on its path, `PYTHONPATH=build/compiled python -P -m floorpulse …`, runs compiled.
Needs Cython, which the lock of development has, and a C compiler.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "build" / "compiled"
PACKAGES: Final = ("kpi_state", "streams", "exporters", "floorpulse")
BESIDE: Final = ("setup.py", "pyproject.toml", "README.md", "LICENSE")


def compiled(folder: Path = FOLDER) -> Path:
    """Build it into `folder`, in place of the one before, from a copy of the sources. Raises RuntimeError with what the
    compiler said, or when something else is there.
    """
    if folder.exists() and any(folder.iterdir()) and not list(folder.glob("kpi_state/*.so")):
        raise RuntimeError(f"{folder} holds something else than a compiled core: name another folder")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    with tempfile.TemporaryDirectory(prefix="floorpulse-wheel-") as scratch:
        tree, wheels = Path(scratch) / "tree", Path(scratch) / "wheels"
        for package in PACKAGES:
            shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
        for name in BESIDE:
            shutil.copy(ROOT / name, tree)
        _run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(wheels), str(tree))
        shutil.rmtree(folder, ignore_errors=True)
        _run(*pip, "install", "--no-deps", "--no-index", "--target", str(folder), *map(str, wheels.iterdir()))
    return folder


def _run(*command: str) -> None:
    environment = {**os.environ, "FLOORPULSE_COMPILE": "1"}
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-4000:]}")


if __name__ == "__main__":
    print(compiled(*map(Path, sys.argv[1:2])))
