"""Where settings come from: a file, the environment, flags. All become `Given`: a place, a value, and who said so."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from floorpulse import checks
from floorpulse.checks import Check
from floorpulse.errors import UserError
from floorpulse.keys import CALENDAR, SECTIONS, TEAM, Key
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.windows import suits

PREFIX: Final = "FLOORPULSE_"
_TABLES: Final = ("windows", "targets", "teams", "calendar.named")
"""Tables whose keys the person chooses; as a variable they hold an inline table of TOML."""

Place = tuple[str, ...]
"""Keys from the section down, such as ("kafka", "partitions") or ("teams", "North", "timezone")."""


class Given(NamedTuple):
    """One value and its origin, in the words of an error: `floor.toml: [kafka] partitions`."""

    place: Place
    value: Any
    origin: str


def key_at(place: Place) -> Key | None:
    """The key at a place, None where there is none."""
    match place:
        case ("windows", stem):
            kpi = BY_STEM.get(stem)
            return None if kpi is None else Key(_windows(kpi.reading), "")
        case ("targets", name):
            return Key(checks.number(), "") if name.partition(".")[0] in BY_STEM else None
        case ("teams", _, key):
            return TEAM.get(key)
        case ("calendar", "named", _, key):
            return CALENDAR.get(key)
        case (section, key):
            return SECTIONS.get(section, {}).get(key)
    return None


def _windows(reading: str) -> Check:
    def accept(value: Any) -> str:
        if not isinstance(value, str) or not suits(value, reading):
            raise ValueError
        return value

    return checks.several(Check("a window this KPI can have", accept), "windows such as month or rolling_30d")


def unknown(given: Given) -> str:
    """The line about a key that does not exist."""
    what, word, known = _nearby(given.place)
    return f"{given.origin}: {what}; {checks.suggestion(word, known) or 'there are ' + ', '.join(known)}"


def _nearby(place: Place) -> tuple[str, str, Iterable[str]]:
    """What is wrong with a place that does not exist, the word that is, and the words it may be."""
    match place:
        case ("windows" | "targets", name):
            return "no such KPI", name.partition(".")[0], BY_STEM
        case ("teams", *_, word):
            return "no such key", word, TEAM
        case ("calendar", "named", *_, word):
            return "no such key", word, CALENDAR
        case (section, *_, word) if section in SECTIONS:
            return "no such key", word, SECTIONS[section]
    return "no such section", place[0], SECTIONS


def from_file(path: Path) -> list[Given]:
    """The settings of a TOML file; UserError when it cannot be read."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UserError(f"{path}: {(error.strerror or str(error)).lower()}: name a file with --config") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: not UTF-8 text: save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path}: not valid TOML: {error}") from None

    def origin(place: Place) -> str:
        return f"{path}: [{'.'.join(place[:-1])}] {place[-1]}" if len(place) > 1 else f"{path}: [{place[0]}]"

    return [Given(place, value, origin(place)) for place, value in _leaves((), document)]


def _leaves(at: Place, value: Any) -> Iterator[tuple[Place, Any]]:
    """The values below a table, and the named calendars and teams themselves."""
    match at:
        case ("windows" | "targets" as section, _, *_) if not isinstance(value, dict):
            yield (section, ".".join(at[1:])), value  # `touchpoints.day = 60` without quotes is a table in TOML
            return
        case () | ("calendar", "named") | ("windows" | "targets", *_):
            table = isinstance(value, dict)
        case ("teams", _) | ("calendar", "named", _) if isinstance(value, dict):
            yield at, {}
            table = True
        case (section,):
            table = section in SECTIONS and isinstance(value, dict)
        case _:
            table = False
    if not table:
        yield at, value
        return
    for key, below in value.items():
        yield from _leaves((*at, key), below)


def from_environment(environ: Mapping[str, str]) -> Iterator[Given]:
    """The settings of the environment: `FLOORPULSE_<SECTION>_<KEY>`."""
    for name, text in sorted(environ.items()):
        if not name.startswith(PREFIX):
            continue
        at = next((tuple(table.split(".")) for table in _TABLES if name == _variable(table)), None)
        if at is not None:
            for place, value in _leaves(at, _inline(text)):
                yield Given(place, value, ": ".join(filter(None, (name, ".".join(place[len(at) :])))))
        elif (found := _place_of(name)) is not None:
            yield Given(found, _read(found, text), name)


def _inline(text: str) -> Any:
    try:
        return tomllib.loads(f"table = {text}")["table"]
    except tomllib.TOMLDecodeError:
        return text


def _variable(place: str) -> str:
    return PREFIX + re.sub(r"\W", "_", place).upper()


def _place_of(variable: str) -> Place | None:
    """The place a variable means; None for a variable that has nothing to do with settings."""
    static = {_variable(f"{section}.{key}"): (section, key) for section, keys in SECTIONS.items() for key in keys}
    if variable in static:
        return static[variable]
    for section in ("windows", "targets"):
        name = variable.removeprefix(_variable(section) + "_").lower()
        if name == variable.lower():
            continue
        stem = max((stem for stem in BY_STEM if f"{name}_".startswith(f"{stem}_")), key=len, default=name)
        window = name.removeprefix(stem).removeprefix("_")
        return (section, f"{stem}.{window}" if window else stem)
    for section, keys in SECTIONS.items():
        key = variable.removeprefix(_variable(section) + "_").lower()
        if key != variable.lower() and checks.suggestion(key, keys):
            return (section, key)  # a misspelt key; anything less alike is somebody else's variable
    return None


def from_flag(assignment: str) -> Given:
    """The setting of `--set SECTION.KEY=VALUE`; UserError when it has another form."""
    name, equals, text = assignment.partition("=")
    section, dot, rest = name.strip().partition(".")
    if not (equals and dot and rest):
        raise UserError(f"--set {assignment}: expected SECTION.KEY=VALUE such as kafka.partitions=4")
    place = (section, *_split(section, rest))
    return Given(place, _read(place, text.strip()), f"--set {name.strip()}")


def _split(section: str, rest: str) -> Iterable[str]:
    """The keys below a section; names of teams and calendars may hold dots."""
    if section == "calendar" and rest.startswith("named."):
        return ["named", *rest.removeprefix("named.").rsplit(".", 1)]
    return rest.rsplit(".", 1) if section == "teams" else [rest]


def _read(place: Place, text: str) -> Any:
    key = key_at(place)
    return text if key is None else key.check.from_text(text)
