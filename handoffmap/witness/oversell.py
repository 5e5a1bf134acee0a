"""**Oversell**: whether two systems that promise from one pool can promise the same piece twice.

A small machine of its own: one piece in the pool, the systems that promise it, and what each of them sees when it
does. A promise needs a piece in what it sees; the news of it takes time. It changes no verdict of a cell.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from handoffmap.witness.telling import Run, Step

if TYPE_CHECKING:
    from handoffmap.model import Cell, System, Topology

__all__ = ["Oversold", "oversell", "promisers"]

_SELLING = frozenset({"order_captured", "pos_sale"})
_RELAYS = frozenset({"middleware", "edi_van"})


class Promiser(NamedTuple):
    """A system that promises stock, and where it looks before it does."""

    system: str
    looks: Literal["own", "authority"]
    """Its own count (or a copy), or the authority in the step of the promise."""
    path: str | None
    """The call that asks the authority."""


class Oversold(NamedTuple):
    """What the search says of one pool."""

    pool: Cell
    verdict: Literal["reachable", "unreachable"]
    run: Run | None
    promisers: tuple[Promiser, ...]
    states: int


class _State(NamedTuple):
    pieces: int
    authority: int
    seen: tuple[int, ...]
    waiting: tuple[int, ...]


def promisers(topology: Topology, pool: Cell) -> tuple[Promiser, ...]:
    """Systems that may promise stock of a pool for which somebody else promises too."""
    return tuple(
        Promiser(name, *_looks(topology, name, pool))
        for name, system in sorted(topology.systems.items())
        if _promises(topology, system)
    )


def _promises(topology: Topology, system: System) -> bool:
    if system.allocates is False or system.backorders or system.quota is not None:
        return False
    if system.allocates:
        return True
    sells = any(
        origin.system == system.id
        for event in topology.events.values()
        if event.id in _SELLING
        for origin in event.origins
    )
    return sells and not set(system.kinds) & _RELAYS


def _looks(topology: Topology, name: str, pool: Cell) -> tuple[Literal["own", "authority"], str | None]:
    """A blocking gate at the order that reads the authority, or a call that reserves there, asks the authority."""
    if name == pool.system:
        return "authority", None
    for control in (topology.controls or {}).values():
        reads = control.reads is not None and control.reads == pool
        if control.kind == "gate" and control.at in {"order", name} and control.on_mismatch == "block" and reads:
            return "authority", control.id
    for path in topology.write_paths.values():
        asks = path.trigger == "sync_call" and path.op in {"reserve", "cas"} and path.enabled
        if asks and path.source == name and path.target == pool.system:
            return "authority", path.id
    return "own", None


def oversell(topology: Topology, pool: Cell) -> Oversold:
    """Search for two promises of one piece. `pool` is the authority's cell."""
    found = promisers(topology, pool)
    start = _State(1, 1, (1,) * len(found), ())
    parents: dict[_State, tuple[_State, str, str | None] | None] = {start: None}
    layer = [start]
    while layer:
        following: list[_State] = []
        for state in layer:
            for text, who, there in _next(state, found):
                if there in parents:
                    continue
                parents[there] = (state, text, who)
                if there.pieces < 0:
                    return Oversold(pool, "reachable", _told(pool, parents, there), found, len(parents))
                following.append(there)
        layer = following
    return Oversold(pool, "unreachable", None, found, len(parents))


def _next(state: _State, found: tuple[Promiser, ...]) -> list[tuple[str, str | None, _State]]:
    steps: list[tuple[str, str | None, _State]] = []
    for number, promiser in enumerate(found):
        if promiser.looks == "authority":
            if state.authority > 0:
                there = state._replace(pieces=state.pieces - 1, authority=state.authority - 1)
                steps.append((f"{promiser.system} asks and promises a piece", promiser.path, there))
        elif state.seen[number] > 0:
            seen = tuple(count - (index == number) for index, count in enumerate(state.seen))
            there = _State(state.pieces - 1, state.authority, seen, (*state.waiting, number))
            steps.append((f"{promiser.system} sees {state.seen[number]} and promises a piece", None, there))
    for number in dict.fromkeys(state.waiting):
        waiting = list(state.waiting)
        waiting.remove(number)
        there = state._replace(authority=state.authority - 1, waiting=tuple(waiting))
        steps.append((f"the authority hears of the promise of {found[number].system}", None, there))
    return steps


def _told(pool: Cell, parents: dict[_State, tuple[_State, str, str | None] | None], end: _State) -> Run:
    chain: list[tuple[_State, str, str | None]] = []
    here = end
    while (before := parents[here]) is not None:
        chain.append((here, before[1], before[2]))
        here = before[0]
    name = str(pool)
    steps = tuple(
        Step(
            "event",
            who,
            None,
            text,
            ((name, Fraction(state.authority)),),
            ((name, Fraction(state.pieces)),),
            Fraction(1),
        )
        for state, text, who in reversed(chain)
    )
    sentence = f"One piece of {name} is promised twice: {-end.pieces} more than there is."
    return Run(((name, Fraction(1)),), steps, steps[-1].values, steps[-1].expected, "oversell", sentence)
