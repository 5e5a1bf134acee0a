"""What is asked of a hand-written model, and how its answer is read. Nothing here comes from what is being tested.

A state is a tuple with names; a step is one labelled transition, no matter how much it changes. The steps are those
of the meaning of a map: an event with what is written and sent in passing (also if the sender fails before it has
sent), a delivery, a delivery whose answer is lost, a loss, a message given up and parked, a read of the target, a
write of what was read, a run, a correction. The length of a run is the number of its steps; the start is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from minicheck import Protocol, check_liveness, check_safety

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["AMOUNTS", "Answer", "answer", "model", "without"]

AMOUNTS = (1, 5, 25)
"""Of the first, second and third event of a script, so that a wrong total names its culprit."""


class Answer(NamedTuple):
    """What the checker says of one slice."""

    drift: str | None
    """permanent, transient, divergent, or None: no run drifts."""
    steps: int | None
    """Of the shortest run to it."""


def model(
    start: Any,
    steps: Callable[[Any], Iterable[tuple[str, Any]]],
    *,
    wrong: Callable[[Any], bool],
    wrong_for_good: Callable[[Any], bool] | None = None,
    at_rest: Callable[[Any], bool] | None = None,
) -> Protocol:
    """A model from one start.

    `wrong` says of a state that the cell is wrong in it and nothing is under way or awaited; `wrong_for_good` that
    it is wrong after everything that recurs has run (left out: nothing recurs). `at_rest`: messages have run out;
    given where they may not.
    """
    lasting = wrong if wrong_for_good is None else wrong_for_good
    return Protocol(
        name=type(start).__name__,
        candidate=False,
        fields=type(start)._fields,
        initial=start,
        transitions=lambda state: list(steps(type(start)(*state))),
        invariants={
            "right at rest": lambda named: not wrong(type(start)(**named)),
            "right for good": lambda named: not lasting(type(start)(**named)),
        },
        goal=None if at_rest is None else lambda named: at_rest(type(start)(**named)),
    )


def answer(models: Iterable[Protocol]) -> Answer:
    """The worst that any start leads to, and the fewest steps to it."""
    return min((_of_one(each) for each in models), key=lambda each: (_RANK.index(each.drift), each.steps or 0))


_RANK = ["divergent", "permanent", "transient", None]


def _of_one(protocol: Protocol) -> Answer:
    if protocol.goal is not None:
        ends = check_liveness(protocol)
        assert ends["holds"] is not None
        if not ends["holds"]:
            return Answer("divergent", len(ends["counterexample"]) - 1)
    found = check_safety(protocol)
    assert found["exhaustive"]
    for name, drift in (("right for good", "permanent"), ("right at rest", "transient")):
        held = found["properties"][name]
        if not held["holds"]:
            return Answer(drift, len(held["counterexample"]) - 1)
    return Answer(None, None)


def without(these: tuple[Any, ...], one: Any) -> tuple[Any, ...]:
    """The same, less one of them."""
    place = these.index(one)
    return these[:place] + these[place + 1 :]
