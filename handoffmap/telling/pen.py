"""Colour on a terminal: roles of text -> escape sequences, or nothing."""

from __future__ import annotations

from typing import Literal

__all__ = ["Pen"]

Role = Literal["error", "warning", "note", "undetermined", "converges", "drifts", "strong", "frame", "faint"]

_CODES: dict[str, str] = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "undetermined": "1;35",
    "converges": "32",
    "drifts": "31",
    "strong": "1",
    "frame": "34",
    "faint": "2",
}


class Pen:
    """Writes text in a role's colour when `colour` is on; text is made safe by whoever hands it in."""

    __slots__ = ("colour",)

    def __init__(self, *, colour: bool) -> None:
        self.colour = colour

    def __call__(self, role: Role, text: str) -> str:
        """Give `text` in the colour of `role`, or as it is."""
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if self.colour and text else text
