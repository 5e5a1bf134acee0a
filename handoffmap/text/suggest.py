"""Did you mean: the word that was probably meant, out of those that would have been right."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Suggester", "closest"]

# The share of letters that two words must have in common, as difflib counts it: swapped letters weigh more
# in short ones.
_ALIKE = 0.7
_ALIKE_SHORT = 0.6
_SHORT = 4
_COMPARISONS = 50_000  # per run, about half a second: beyond that many typing errors nobody reads suggestions

# What people write for true and false, in YAML 1.1 and elsewhere.
_TRUTHS = {
    "yes": "true",
    "y": "true",
    "on": "true",
    "1": "true",
    "no": "false",
    "n": "false",
    "off": "false",
    "0": "false",
}


def closest(written: str, words: Iterable[str]) -> str | None:
    """The word most like `written`, or None where none is like it. Case, `-`, `_` and spaces do not count."""
    from difflib import get_close_matches

    known = {_plain(word): word for word in sorted(words, reverse=True)}
    if written == "" or len(written) > 80:
        return None
    sought = _plain(written)
    if sought in known:
        return known[sought]
    if sought in _TRUTHS and _TRUTHS[sought] in known:
        return _TRUTHS[sought]
    alike = get_close_matches(sought, known, n=1, cutoff=_ALIKE_SHORT if len(sought) <= _SHORT else _ALIKE)
    return known[alike[0]] if alike else None


class Suggester:
    """`closest` with a memory, and with a limit: a file with 100,000 errors is told in seconds too."""

    __slots__ = ("_known", "_left")

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], str | None] = {}
        self._left = _COMPARISONS

    def __call__(self, written: str, words: tuple[str, ...]) -> str | None:
        """As `closest`; `words` must stay alive and unchanged while the suggester is used."""
        key = (written, id(words))
        if key in self._known:
            return self._known[key]
        self._left -= len(words)
        if self._left < 0:
            return None
        found = self._known[key] = closest(written, words)
        return found


def _plain(word: str) -> str:
    return word.lower().replace("-", "_").replace(" ", "_")
