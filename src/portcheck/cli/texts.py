"""Texts and flags are taken as given.

Typer hands every value to pydantic, texts and flags too.  Loading pydantic to
turn a string into the same string costs an officer about as much time as the
whole look-up, so these parameters keep what they were given.  Numbers, which
few commands have, still go through Typer's own conversion; a test holds the
two against each other.
"""

from typing import Any

from typer import core

_KEPT = (str, list[str], bool)
_convert = core.build_runtime_param  # type: ignore[attr-defined]


class _AsGiven:
    """What a text or a flag does with its value: nothing."""

    @staticmethod
    def coerce(value: Any, param: Any, ctx: Any) -> Any:  # noqa: ARG004 - Typer's interface
        """`value` as the command takes it: several values as a list."""
        if param.multiple or param.nargs == -1:
            return list(value or ())
        return value


def _runtime_param(descriptor: Any) -> Any:
    return _AsGiven if descriptor.annotation in _KEPT else _convert(descriptor)


def keep_texts_and_flags() -> None:
    """Take Typer's conversion of texts and flags out of its way."""
    core.build_runtime_param = _runtime_param  # type: ignore[attr-defined]
