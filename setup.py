"""What pyproject.toml cannot say: with FLOORPULSE_COMPILE=1, modules that have a `.pxd` beside them are compiled.

The sources stay plain Python: a `.pxd` only says the types of what its module has, to Cython. Without the variable the
wheel is the same on every machine and needs no compiler; a compiled one is of one Python and one platform.
"""

import os
import re
import sys
from pathlib import Path

from setuptools import Extension, setup

PACKAGES = ("kpi_state", "streams", "exporters")
COMPILE = os.environ.get("FLOORPULSE_COMPILE") == "1"


def modules() -> list[Path]:
    """The sources that are compiled."""
    found = (path for package in PACKAGES for path in Path(package).rglob("*.pxd"))
    return sorted(path.with_suffix(".py") for path in found)


def extensions() -> list[Extension]:
    """The modules as C, optimised for speed; none without FLOORPULSE_COMPILE=1."""
    if not COMPILE or "egg_info" in sys.argv:  # by which pip asks what it must install before
        return []
    from Cython.Build import cythonize  # noqa: PLC0415  # nobody else needs it

    asked = [
        Extension(re.sub(r"[/\\]", ".", str(path.with_suffix(""))), [str(path)], extra_compile_args=["-O2", "-g0"])
        for path in modules()
    ]
    # Annotations are not taken for types: `dict[str, int]` may be any mapping that behaves like one, an int any size.
    found: list[Extension] = cythonize(
        asked,
        build_dir="build/c",
        compiler_directives={"language_level": 3, "annotation_typing": False, "binding": False, "nonecheck": True},
    )
    return found


setup(ext_modules=extensions(), setup_requires=["cython>=3.1"] if COMPILE else [])
