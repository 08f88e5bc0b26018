"""Values in the form state keeps them: times as microseconds, numbers and shares as canonical decimal text."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec

from kpi_state.refusal import EXPECTED, ContractError, cut, shown
from kpi_state.statements import Instant

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MIN: Final = int((datetime(1, 1, 2, tzinfo=UTC) - _EPOCH).total_seconds()) * 1_000_000
_MAX: Final = int((datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH).total_seconds()) * 1_000_000
_EPOCHS: Final[dict[tzinfo | None, int]] = {}
"""By offset, of which RFC 3339 knows a few thousand."""
_CHARACTERS: Final = 60
_SMALLEST: Final = Decimal("1e-400")
_LARGEST: Final = Decimal("1e20")
_FINE_TIME: Final = re.compile(r"(\.[0-9]{6})[0-9]+")


def instant(text: str) -> int:
    """Microseconds since 1970 of a time of RFC 3339 with offset; raises ContractError."""
    try:
        moment = msgspec.convert(without_fine_digits(text), Instant)
    except msgspec.ValidationError:
        raise ContractError("time", EXPECTED["time"], shown(text)) from None
    return micros(moment, "time")


def without_fine_digits(text: str) -> str:
    """A time without the digits finer than a microsecond, which msgspec would round."""
    return _FINE_TIME.sub(r"\1", text)


def micros(moment: datetime, field: str) -> int:
    """Microseconds since 1970 of a time with a fixed offset; ContractError where a local date of it would lie outside
    the calendar. Subtracting the epoch would ask both for their offset, which takes longer than all of this.
    """
    known = _EPOCHS.get(moment.tzinfo)
    epoch = _epoch(moment) if known is None else known
    days = moment.toordinal()
    seconds = days * 86_400 + moment.hour * 3_600 + moment.minute * 60 + moment.second - epoch
    found = seconds * 1_000_000 + moment.microsecond
    if _MIN <= found < _MAX:
        return found
    raise ContractError(field, "a time within the years 1 to 9999 in every time zone", moment.isoformat())


def _epoch(moment: datetime) -> int:
    """When 1970 began by the clocks of a time's offset: seconds since the day 0 of ordinals."""
    offset = moment.utcoffset() or timedelta()
    epoch = _EPOCHS[moment.tzinfo] = _EPOCH.toordinal() * 86_400 + offset // timedelta(seconds=1)
    return epoch


def decimal_text(written: str, field: str) -> str:
    """A number as canonical decimal text: no exponent, no needless zeros."""
    try:
        number = Decimal(written)
    except InvalidOperation:  # an exponent of twenty digits
        number = Decimal("Infinity")
    if len(written) > _CHARACTERS or not (number == 0 or _SMALLEST <= number.copy_abs() < _LARGEST):
        raise ContractError(field, f"a number of at most {_CHARACTERS} characters below 10^20", cut(written))
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shares(written: dict[str, str]) -> dict[str, str]:
    """Shares as decimal text by rep: none below 0 and not all 0."""
    shares = {rep: decimal_text(share, f"data.splits.{cut(rep)}") for rep, share in written.items()}
    for rep, share in shares.items():
        if share.startswith("-"):
            raise ContractError(f"data.splits.{cut(rep)}", "a share of 0 or more", share)
    if all(share == "0" for share in shares.values()):
        raise ContractError(
            "data.splits", "at least one share above 0 (null clears)", "no share" if not shares else "only 0"
        )
    return shares
