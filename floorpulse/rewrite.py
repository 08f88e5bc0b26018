"""Changes one setting in the text of a `floor.toml` and leaves the rest as somebody wrote it."""

import re
import tomllib
from typing import Any, Final

from floorpulse.errors import UserError
from floorpulse.toml import toml

_HEADER: Final = re.compile(r"\s*\[")


def with_setting(text: str, section: str, key: str, value: str) -> str:
    """The text with `key = value` in its section, made where it is missing; UserError when that cannot be done."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    said = f"{key} = {toml(value)}"
    header = re.compile(rf"\s*\[\s*{re.escape(section)}\s*\]\s*(#.*)?$")
    begin = next((number for number, line in enumerate(lines) if header.match(line)), None)
    if begin is None:
        lines += ["\n"] * bool(lines) + [f"[{section}]\n", f"{said}\n"]
    else:
        end = next((n for n in range(begin + 1, len(lines)) if _HEADER.match(lines[n])), len(lines))
        assigned = re.compile(rf"(\s*){re.escape(key)}\s*=\s*(\"[^\"\\]*\"|'[^']*')(?P<rest>\s*(#.*)?)$")
        for number in range(begin + 1, end):
            if found := assigned.match(lines[number]):
                lines[number] = f"{found[1]}{said}{found['rest'].rstrip()}\n"
                break
        else:
            lines.insert(begin + 1, f"{said}\n")
    changed = "".join(lines)
    try:
        now = tomllib.loads(changed)
        if now[section][key] == value and _others(now, section, key) == _others(tomllib.loads(text), section, key):
            return changed
    except tomllib.TOMLDecodeError:
        pass
    raise UserError(f"[{section}] {key} is written in a way that cannot be changed here: put {said} there yourself")


def _others(settings: dict[str, Any], section: str, key: str) -> dict[str, Any]:
    """All settings but one."""
    return {**settings, section: {**settings.get(section, {}), key: None}}
