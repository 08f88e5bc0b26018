"""Money as people read it: in the currency's major unit, with as many decimals as the currency has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_USUAL: Final = 2
_OTHER: Final[Mapping[int, str]] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DECIMALS: Final = {currency: decimals for decimals, several in _OTHER.items() for currency in several.split()}
"""Currency → its decimals, where they are not two. Source: ISO 4217."""


def money(minor: float, currency: str) -> str:
    """An amount in minor units, to the nearest of them, with the currency behind it; of a code that is none two
    decimals.
    """
    decimals = _DECIMALS.get(currency, _USUAL)
    whole, rest = divmod(abs(round(minor)), 10**decimals)
    sign = "-" if round(minor) < 0 else ""
    return f"{sign}{whole:,}{f'.{rest:0{decimals}d}' if decimals else ''} {currency}"
