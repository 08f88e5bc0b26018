"""Settings: the defaults, then `floor.toml`, then the environment, then `--set`; one clear line for each error."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec import Struct, structs

from floorpulse.errors import UserError
from floorpulse.keys import SECTIONS
from floorpulse.sources import Given, Place, from_environment, from_file, from_flag, key_at, unknown
from floorpulse.toml import toml
from kpi_state.definitions import Calendar, ReadSettings, Team, default_targets
from kpi_state.measures.registry import BY_STEM

DEFAULT_FILE: Final = Path("floor.toml")
_SHOWN_LENGTH: Final = 60
_PASSWORD: Final = re.compile(r"(?<=://)([^/@:]*):.*@|(?<=password=)[^&]*")


class Kafka(Struct, frozen=True):
    """The brokers and the topics on them.

    bootstrap_servers: `host:port,…`.  partitions: of each input topic.  replication: copies of each topic.
    app_id: consumer group, and beginning of changelogs and transactional ids.  topic_prefix: before the others.
    allow_no_transactions: start on a broker that has none.
    """

    bootstrap_servers: str = "127.0.0.1:9092"
    partitions: int = 8
    replication: int = 3
    app_id: str = "floorpulse"
    topic_prefix: str = ""
    allow_no_transactions: bool = False


class Redis(Struct, frozen=True):
    """The read model.  url: where, empty = there is none; it may hold a password.  prefix: before every key."""

    url: str = ""
    prefix: str = "floorpulse:"


class Api(Struct, frozen=True):
    """Who may ask.  token: what they must show, empty = anybody may.  token_file: a file that holds it."""

    token: str = ""
    token_file: str = ""


class Alerts(Struct, frozen=True):
    """When alerts ring, where they go, and what they link to. What is empty is not used; a `…_file` holds a secret.

    boards_url: Grafana.  docs_url: what stands before `docs/alerts.md`, with the slash at its end.
    drop_…: a drop begins below the one ratio of what is expected, ends above the other, must last so long and be over
    so long.  …_touchpoints: expected ones below which nothing is compared.  target_seconds: a target is missed, or met
    again.  stale_seconds: age of a source's newest event.  retired_sources: sources that will never speak again.
    ops_…, floor_…, manager_…: who runs the service; everybody of a team, its manager, where the team says nothing else.
    """

    boards_url: str = "http://127.0.0.1:3000"
    docs_url: str = ""
    drop_begins_ratio: float = 0.6
    drop_ends_ratio: float = 0.8
    drop_seconds: int = 900
    drop_over_seconds: int = 600
    team_touchpoints: int = 20
    rep_touchpoints: int = 5
    target_seconds: int = 3_600
    stale_seconds: int = 900
    retired_sources: tuple[str, ...] = ()
    ops_email: str = ""
    floor_email: str = ""
    manager_email: str = ""
    ops_slack_channel: str = ""
    floor_slack_channel: str = ""
    smtp_smarthost: str = ""
    smtp_from: str = ""
    smtp_username: str = ""
    smtp_password_file: str = ""
    smtp_tls: bool = True
    slack_url_file: str = ""
    msteams_url_file: str = ""
    webhook_url: str = ""
    webhook_token_file: str = ""
    dead_mans_switch_url: str = ""


class Settings(ReadSettings, frozen=True):
    """Everything that can be set."""

    kafka: Kafka = Kafka()
    redis: Redis = Redis()
    api: Api = Api()
    alerts: Alerts = Alerts()


class Loaded(NamedTuple):
    """Settings, and who said what is not a default."""

    settings: Settings
    origins: Mapping[Place, str]


def load(path: Path | None, environ: Mapping[str, str], overrides: Sequence[str] = ()) -> Settings:
    """The settings of a file (None: none), an environment and `SECTION.KEY=VALUE` texts; UserError, a line an error."""
    return load_with_origins(path, environ, overrides).settings


def load_with_origins(path: Path | None, environ: Mapping[str, str], overrides: Sequence[str] = ()) -> Loaded:
    """Like `load`, with who said what."""
    errors: list[str] = []
    given = [*(from_file(path) if path else ()), *from_environment(environ)]
    for assignment in overrides:
        try:
            given.append(from_flag(assignment))
        except UserError as error:
            errors.append(str(error))
    accepted: dict[Place, Any] = {}
    for each in given:
        try:
            accepted[each.place] = _accept(each)
        except UserError as error:
            errors.append(str(error))
    origins = {each.place: each.origin for each in given}
    settings = _build(accepted)
    errors.extend(_contradictions(settings, origins))
    if errors:
        raise UserError("\n".join(errors))
    return Loaded(settings, origins)


def hidden(place: Place, value: Any) -> Any:
    """The value, without the secret it may be or hold."""
    if place == ("api", "token"):
        return "***" if value else value
    return _PASSWORD.sub(_masked, value) if place == ("redis", "url") and isinstance(value, str) else value


def _masked(found: re.Match[str]) -> str:
    return "***" if found[1] is None else f"{found[1]}:***@"


def _accept(given: Given) -> Any:
    key = key_at(given.place)
    if key is None:
        if _is_table(given.place):
            if given.value == {}:
                return {}
            raise UserError(f"{given.origin} = {_shown(given)}: expected a table")
        raise UserError(unknown(given))
    if given.origin.startswith("--set") and hidden(given.place, given.value) != given.value:
        variable = f"FLOORPULSE_{'_'.join(given.place).upper()}"
        raise UserError(f"{given.origin}: a secret on the command line can be read by others: use {variable} or a file")
    try:
        return key.check.accept(given.value)
    except ValueError as error:
        hint = f" ({error})" if str(error) else ""
        raise UserError(f"{given.origin} = {_shown(given)}: expected {key.check.allowed}{hint}") from None


def _is_table(place: Place) -> bool:
    match place:
        case (section,):
            return section in SECTIONS
        case ("teams", _) | ("calendar", "named") | ("calendar", "named", _):
            return True
    return False


def _shown(given: Given) -> str:
    text = toml(hidden(given.place, given.value))
    return text if len(text) <= _SHOWN_LENGTH else text[: _SHOWN_LENGTH - 1] + "…"


def _build(accepted: Mapping[Place, Any]) -> Settings:
    """Settings from values by place; what is not given has its default."""

    def own(*at: str) -> dict[str, Any]:
        return {place[-1]: value for place, value in accepted.items() if place[:-1] == at and not _is_table(place)}

    def names(*at: str) -> list[str]:
        return list(
            dict.fromkeys(place[len(at)] for place in accepted if place[: len(at)] == at and len(place) > len(at))
        )

    usual = Calendar(**own("calendar"))
    named = {name: structs.replace(usual, **own("calendar", "named", name)) for name in names("calendar", "named")}
    defaults = Settings()
    sections = {
        section: structs.replace(getattr(defaults, section), **own(section))
        for section in (
            "definitions",
            "limits",
            "baseline",
            "telephony",
            "privacy",
            "kafka",
            "redis",
            "api",
            "alerts",
        )
    }
    # A key of the telephone system by its place, but what is stored depends on it.
    sections["definitions"] = structs.replace(sections["definitions"], own_numbers=sections["telephony"].own_numbers)
    return Settings(
        calendar=structs.replace(usual, named=named),
        windows={stem: list(windows) for stem, windows in own("windows").items()},
        targets={**default_targets(), **own("targets")},
        teams={name: Team(**own("teams", name)) for name in names("teams")},
        **sections,
    )


def _contradictions(settings: Settings, origins: Mapping[Place, str]) -> Iterable[str]:
    """What is wrong between keys that are each right."""
    if settings.privacy.rep_labels == "pseudonyms" and not settings.privacy.pseudonym_key_file:
        yield f"{origins['privacy', 'rep_labels']}: pseudonyms need [privacy] pseudonym_key_file, a file with a secret"
    if settings.api.token and settings.api.token_file:
        yield f"{origins['api', 'token_file']}: there is a token in {origins['api', 'token']} too: keep one of them"
    if settings.baseline.min_samples > settings.baseline.weeks:
        place = max(("baseline", name) for name in ("weeks", "min_samples") if ("baseline", name) in origins)
        yield f"{origins[place]}: expected min_samples to be at most weeks, which is {settings.baseline.weeks}"
    if settings.alerts.drop_begins_ratio >= settings.alerts.drop_ends_ratio:
        place = max(
            ("alerts", name) for name in ("drop_begins_ratio", "drop_ends_ratio") if ("alerts", name) in origins
        )
        ends = settings.alerts.drop_ends_ratio
        yield f"{origins[place]}: expected drop_begins_ratio to be below drop_ends_ratio, which is {ends}"
    for name in settings.targets:
        stem, _, window = name.partition(".")
        windows = [*BY_STEM[stem].windows, *settings.windows.get(stem, ())]
        if window and window not in windows:
            yield f"{origins['targets', name]}: expected one of {', '.join(windows)}; [windows] can add others"
