"""Writes the files that are made from the code: `python -m scripts.generate`; with `--check` compares instead.

A generator gives {path from the root: text}. To add a generated file, write one and name it in GENERATORS.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from floorpulse.example import example
from kpi_state.kpis.book import kpi_book
from scripts.alerting import alerting_files
from scripts.boards.boards import board_files
from scripts.event_docs import event_page
from scripts.event_schemas import event_schemas
from scripts.openapi_docs import PATH as OPENAPI
from scripts.openapi_docs import openapi_text
from scripts.setting_docs import setting_page

ROOT: Final = Path(__file__).resolve().parents[1]

GENERATORS: Final[tuple[Callable[[], Mapping[str, str]], ...]] = (
    lambda: {"floor.example.toml": example()},
    lambda: {"docs/events.md": event_page()},
    lambda: {"docs/kpis.md": kpi_book()},
    lambda: {"docs/settings.md": setting_page()},
    lambda: {OPENAPI: openapi_text()},
    event_schemas,
    alerting_files,
    board_files,
)


def generated() -> dict[str, str]:
    """Path from the root → text, of all generated files."""
    return {path: text for generator in GENERATORS for path, text in generator().items()}


def differing(root: Path) -> list[str]:
    """The paths under `root` whose text is not what the code says."""
    return [path for path, text in generated().items() if _read(root / path) != text]


def write(root: Path) -> list[str]:
    """Write what differs; the paths written."""
    paths = differing(root)
    texts = generated()
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(texts[path], "utf-8")
    return paths


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Generate or check; 1 when a check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say what differs, and exit 1 if anything does")
    if not parser.parse_args(arguments).check:
        for path in write(root):
            print(f"wrote {path}")
        return 0
    paths = differing(root)
    for path in paths:
        print(f"{path} is not what the code says: run `python -m scripts.generate` and commit it", file=sys.stderr)
    return 1 if paths else 0


if __name__ == "__main__":
    sys.exit(main())
