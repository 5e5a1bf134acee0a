"""The ids by which report and pictures point at things: the same thing has the same anchor everywhere."""

from __future__ import annotations

from typing import Literal

__all__ = ["anchor", "shown"]

Thing = Literal["path", "system", "cell", "event", "gap", "question", "group", "control", "waived"]
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def anchor(thing: Thing, *names: str) -> str:
    """An id that is safe in HTML, SVG, DOT and a URL fragment, and different for different names.

    Any character but ASCII letters, digits, `_` and `-` becomes its code between tildes.
    """
    return ".".join((thing, *("".join(c if c in _PLAIN else f"~{ord(c):x}~" for c in name) for name in names)))


def shown(text: str, longest: int = 0) -> str:
    """Text of the file as one line without characters that act; cut to `longest` if that is not 0."""
    from handoffmap.telling.sanitize import visible

    line = visible(" ".join(text.split()))
    return line if not longest or len(line) <= longest else f"{line[: longest - 1]}…"
