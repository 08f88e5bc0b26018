"""`floor.example.toml`: every key with its default, made from the keys themselves so that it cannot be wrong."""

from typing import Final

from floorpulse.keys import SECTIONS
from floorpulse.settings import Settings
from floorpulse.toml import toml, toml_key

_HEAD: Final = """\
# floor.toml: every key with its default. [definitions] shapes stored state: changing it needs `floorpulse rebuild`.
# Made by `floorpulse config example`. Each key can also be set in the environment, FLOORPULSE_<SECTION>_<KEY>,
# or for one command with --set section.key=value.
"""

_NOTES: Final = {
    "windows": "added to a KPI's own",
    "targets": "organisation defaults; hr.target.v1 events win",
}

_MORE: Final = {
    "calendar": [
        "# A rep's `calendar` names one of these; what it does not say itself is as above.",
        "# [calendar.named.support]",
        '# working_days = ["mon", "tue", "wed", "thu", "fri", "sat"]',
    ],
    "windows": ['# lead_win = ["rolling_30d"]'],
    "targets": ['# "touchpoints.day" = 60            # one window of a KPI'],
    "teams": [
        '# [teams."North"]                   # optional, for each team',
        '# timezone = "Europe/Amsterdam"     # of its reps who have none of their own',
        '# manager = "rep:anna"',
        '# manager_email = "anna@example.com" # docs/settings.md has more about alerts',
    ],
}


def example() -> str:
    """The text of the file."""
    defaults = Settings()
    blocks = [_HEAD]
    for section, keys in SECTIONS.items():
        lines = [] if section == "teams" else [_noted(f"[{section}]", _NOTES.get(section, ""))]
        chosen = getattr(defaults, section)
        if isinstance(chosen, dict):
            lines += [f"{toml_key(name)} = {toml(value)}" for name, value in chosen.items()]
        lines += [_noted(f"{name} = {toml(getattr(chosen, name))}", key.meaning) for name, key in keys.items()]
        blocks.append("\n".join([*lines, *_MORE.get(section, ())]) + "\n")
    return "\n".join(blocks)


def _noted(line: str, note: str) -> str:
    return f"{line:<35} # {note}" if note else line
