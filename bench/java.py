"""The Kafka Streams program of the comparison: jars from Maven Central once, into var/streams-libs, then javac."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from bench.programs import ROOT

SOURCES: Final = ROOT / "bench" / "streams"
LIBRARIES: Final = ROOT / "var" / "streams-libs"


def libraries() -> Path:
    """The folder with the jars, filled by Maven when it is not there."""
    if LIBRARIES.is_dir():
        return LIBRARIES
    LIBRARIES.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=LIBRARIES.parent) as fresh:
        fetched = Path(fresh) / "libs"
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={fetched}"]
        subprocess.run(["mvn", "-q", "-B", "-Dstyle.color=never", "-f", SOURCES / "pom.xml", *goal], check=True)
        fetched.rename(LIBRARIES)  # when whole: a broken download is no cache
    return LIBRARIES


def missing() -> str:
    """What this machine lacks to compile and run it; nothing when it lacks nothing."""
    return ", ".join(tool for tool in ("java", "javac", "mvn") if shutil.which(tool) is None)


def compiled(folder: Path) -> str:
    """Compile into `folder`; the class path that runs it."""
    path = f"{folder}:{libraries()}/*"
    subprocess.run(
        ["javac", "-Xlint:all", "-Werror", "-cp", path, "-d", folder, SOURCES / "RowAndCount.java"], check=True
    )
    return path
