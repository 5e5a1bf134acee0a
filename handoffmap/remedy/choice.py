"""Which remedies to take: of all that are offered, the set with the least effort that clears what can be cleared.

Remedies overlap, so this is a covering problem: exact where the search ends within its bound, which it does on every
map of a usual size, else the first cover that the same search comes to, which is the greedy one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from handoffmap.remedy.offer import Remedy

__all__ = ["cheapest_cover"]

_MOST_LOOKS = 20_000
_DOUBT = Fraction(20)
"""Person-days that a remedy with open questions is held to cost more: it is taken only where nothing else is."""


def cheapest_cover(offered: Mapping[str, Sequence[Remedy]]) -> tuple[tuple[Remedy, ...], bool]:
    """The remedies to take, by id, and whether no cheaper set exists; findings without an offer are left out."""
    wanted = frozenset(key for key, remedies in offered.items() if remedies)
    known = {remedy.id: remedy for remedies in offered.values() for remedy in remedies}
    search = _Search(known, wanted)
    search.look(wanted, (), Fraction(0))
    return tuple(known[name] for name in sorted(search.best)), search.looks <= _MOST_LOOKS


class _Search:
    def __init__(self, known: dict[str, Remedy], wanted: frozenset[str]) -> None:
        self.known = known
        self.clears = {name: frozenset(remedy.clears) & wanted for name, remedy in known.items()}
        self.price = {name: remedy.effort + _DOUBT * (remedy.asks > 0) for name, remedy in known.items()}
        self.place = {name: place for place, name in enumerate(known)}  # among equals the first that was offered
        self.able = {key: [name for name in known if key in self.clears[name]] for key in wanted}
        self.best: tuple[str, ...] = ()
        self.least: Fraction | None = None
        self.looks = 0

    def look(self, left: frozenset[str], taken: tuple[str, ...], spent: Fraction) -> None:
        """Depth first, the finding with the fewest remedies first, of these the one that clears most for its price."""
        self.looks += 1
        if self.least is not None and (spent >= self.least or self.looks > _MOST_LOOKS):
            return
        if not left:
            self.best, self.least = taken, spent
            return
        hardest = min(sorted(left), key=lambda key: len(self.able[key]))
        ways = sorted(
            self.able[hardest],
            key=lambda name: (self.price[name] / len(self.clears[name] & left), self.place[name]),
        )
        for name in ways:
            self.look(left - self.clears[name], (*taken, name), spent + self.price[name])
