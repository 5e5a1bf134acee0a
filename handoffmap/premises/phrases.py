"""Small turns of phrase that messages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from handoffmap.model import Event
    from handoffmap.premises.claim import Direction


def listed(names: Iterable[str], most: int = 4) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b, c, d and 7 more`."""
    words = list(names)
    if len(words) > most + 1:
        words = [*words[:most], f"{len(words) - most} more"]
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def duration(seconds: Fraction | int) -> str:
    """Seconds in the largest units that read well: `90 s`, `15 min`, `24 h 15 min`, `3 days`."""
    whole = int(seconds)
    if whole != seconds or whole < 120:
        return f"{float(seconds):g} s"
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    if days and not (hours or minutes or rest) and days > 1:
        return f"{days} days"
    hours += 24 * days
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount)


def direction_of(events: Sequence[Event], quantity: str, *, twice: bool) -> Direction:
    """Whether a cell shows too much or too little when these events count twice (or, not `twice`, are missing)."""
    signs = set()
    for event in events:
        effect = event.effects.get(quantity)
        if effect is not None:
            signs.add(effect.amount if effect.kind == "fixed" else 0)
    if signs == {1}:
        return "over" if twice else "under"
    if signs == {-1}:
        return "under" if twice else "over"
    return "either"
