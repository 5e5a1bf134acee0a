"""Text of a map inside Markdown: shown as it is, whatever it looks like."""

from __future__ import annotations

import re

from handoffmap.telling.anchor import shown

__all__ = ["Finished", "code", "plain", "prose"]


class Finished(str):
    """Text that is Markdown already."""

    __slots__ = ()


_SPECIAL = re.compile(r"[\\`*{}\[\]<>|~#!$&@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=//)|(?<=www)\.")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def plain(text: str) -> Finished:
    """Text that Markdown shows as it is: no markup, no HTML, no links or mentions that make themselves."""
    if isinstance(text, Finished):
        return text
    return Finished(_SPECIAL.sub(lambda match: _ENTITIES.get(match[0], f"\\{match[0]}"), shown(text)))


def code(text: str) -> Finished:
    """Text as code, also in a table and with backticks of its own."""
    line = shown(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return Finished(f"{fence}{pad}{line}{pad}{fence}" if line else "")


def prose(text: str) -> Finished:
    """A sentence in which what stands between backticks is code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return plain(text)
    return Finished("".join(code(piece) if place % 2 else _spaced(piece) for place, piece in enumerate(pieces)))


def _spaced(piece: str) -> str:
    """A piece of a sentence with the spaces at its ends, which stand beside code."""
    text = piece.strip()
    if not text:
        return " " * bool(piece)
    return f"{' ' * piece[0].isspace()}{plain(text)}{' ' * piece[-1].isspace()}"
