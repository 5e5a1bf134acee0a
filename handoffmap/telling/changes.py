"""The words of a difference that text and Markdown share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.duration import say_duration
from handoffmap.telling.wording import count, money_range

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from handoffmap.difference import CellChange, Difference, FindingChange
    from handoffmap.finding import CellVerdict
    from handoffmap.priorities.estimate import Costs

__all__ = ["NOTHING", "cost_lines", "counted", "entry_lines", "says", "state", "summed_up", "word_of"]

NOTHING = "Nothing differs in meaning: the same verdicts, findings and questions."

_SECTIONS = {
    "systems": ("system", "systems"),
    "events": ("event", "events"),
    "write_paths": ("write path", "write paths"),
    "controls": ("control", "controls"),
    "quantities": ("quantity", "quantities"),
}
_TRENDS = {"worse": "worse", "better": "better", "same": "changed"}


def word_of(change: CellChange | FindingChange) -> str:
    """`opened`, `closed`, `added`, `removed`; or how what has changed stands now: `worse`, `better`, `changed`."""
    return _TRENDS[change.trend] if change.change == "changed" else change.change


def state(verdict: CellVerdict | None) -> str:
    """What is known of a cell in one map: `drifts (transient) for up to 2 h`, `converges within 90 s`."""
    if verdict is None:
        return "not in the map"
    told = verdict.verdict if verdict.drift is None else f"{verdict.verdict} ({verdict.drift})"
    if not verdict.window:
        return f"{told} at once" if verdict.window is not None and verdict.verdict == "converges" else told
    return f"{told} {'for up to' if verdict.verdict == 'drifts' else 'within'} {say_duration(verdict.window)}"


def says(change: FindingChange) -> Iterator[str]:
    """What has changed of a finding that is there in both maps: `class: transient -> permanent`."""
    old, new, waived = change.old, change.new, change.waived
    if waived is not None and (old is None or "waiver" in change.what):
        yield f"waived until {waived.waiver.until}: {waived.waiver.reason}"
    if old is None or new is None:
        return
    for what in change.what:
        if what in {"cells", "events"}:
            before, now = (set(map(str, getattr(one, what))) for one in (old, new))
            sides = ((sorted(now - before), "also"), (sorted(before - now), "no longer"))
            told = "; ".join(f"{word} {', '.join(names)}" for names, word in sides if names)
            yield f"{what}: {told}"
        elif what == "waiver":
            if waived is None:
                yield "no longer waived"
        elif what == "window":
            yield f"window: {_window(old.window)} -> {_window(new.window)}"
        else:
            name = "drift" if what == "class" else what
            yield f"{what}: {getattr(old, name) or 'none'} -> {getattr(new, name) or 'none'}"


def _window(window: Fraction | int | None) -> str:
    return "not known" if window is None else say_duration(window)


def entry_lines(difference: Difference) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What only one of the maps has: (`added` or `removed`, `2 write paths`, their ids)."""
    for entry in difference.entries:
        one, many = _SECTIONS[entry.section]
        for word, names in (("added", entry.added), ("removed", entry.removed)):
            if names:
                yield word, count(len(names), one, many), names


def cost_lines(difference: Difference) -> Iterator[str]:
    """What the drift of each map is estimated to cost, and by whose figures; nothing where that is the same."""
    if difference.costs is None:
        return
    old, new = difference.costs
    yield f"per 1,000 orders: {_cost(old)} -> {_cost(new)}"
    if old.mode != new.mode:
        yield f"not to be compared: {old.mode} before, {new.mode} now"
    elif old.orders_per_month is not None and new.orders_per_month is not None:
        yield f"a month: {_cost(old, a_month=True)} -> {_cost(new, a_month=True)}"
    yield new.label


def _cost(costs: Costs, *, a_month: bool = False) -> str:
    if costs.total is None:
        return "nothing to compute"
    if not a_month or costs.orders_per_month is None:
        return money_range(costs.total, costs)
    factor = costs.orders_per_month / 1000
    low, mode, high = costs.total
    return money_range(costs.total._replace(low=low * factor, mode=mode * factor, high=high * factor), costs)


def summed_up(difference: Difference) -> str:
    """One line: how many cells, findings and questions have opened, closed and changed."""
    cells = counted(difference.verdicts, "cell")
    findings = counted(difference.findings, "finding")
    questions = ", ".join(
        f"{count(len(asked), 'question')} {word}"
        for asked, word in ((difference.opened_questions, "opened"), (difference.closed_questions, "closed"))
        if asked
    )
    kept = f"{count(difference.unchanged, 'finding')} unchanged"
    return "; ".join(part for part in (cells, findings, questions, kept) if part)


def counted(changes: Sequence[CellChange | FindingChange], word: str) -> str:
    """`2 cells opened, 1 worse`."""
    numbers: dict[str, int] = {}
    for change in changes:
        told = word_of(change)
        numbers[told] = numbers.get(told, 0) + 1
    parts = [f"{number:,} {told}" for told, number in numbers.items()]
    if parts:
        told, number = next(iter(numbers.items()))
        parts[0] = f"{count(number, word)} {told}"
    return ", ".join(parts)
