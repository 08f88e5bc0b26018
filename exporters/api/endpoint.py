"""The form of an endpoint: a record of what it is asked, what it answers, and who does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from exporters.view import View


class Nothing(msgspec.Struct, frozen=True):
    """No parameters."""


class Answer(NamedTuple):
    """What is answered: a struct, or JSON text as it stands."""

    body: msgspec.Struct | bytes
    status: int = 200


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One path that is got.

    path: with `{name}` for what is asked there.  name: for programs.  says: one sentence for people.
    asked: the parameters, those of the path too; a field's type says what it may be (see `exporters.api.parameters`).
    answer: a struct that the answer has the form of.  errors: status beyond those of all endpoints → what it means.
    also: status beyond 200 whose answer has that form too.  numbers: whether it speaks of numbers, so that it needs the
    token, is refused before there are any, and says how fresh they are.
    """

    path: str
    name: str
    says: str
    asked: type[msgspec.Struct] = Nothing
    answer: type[msgspec.Struct]
    handle: Callable[[View, Any], Awaitable[Answer]]
    """Given the view and `asked`."""
    errors: Mapping[int, str] = field(default_factory=dict)
    also: tuple[int, ...] = ()
    numbers: bool = True


class RefusedError(Exception):
    """A question without an answer: the status and one line that says what could be asked instead."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
