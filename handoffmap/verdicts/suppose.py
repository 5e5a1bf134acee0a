"""What follows for a cell **whatever the answer** to an open question is: verdicts -> suppositions -> findings.

Some unstated facts change what the map is: what sets a path off, what it carries, where it lands, whether it sends
things back. One premise after another they can only be called open. So each of their answers is supposed in turn, and
what leads to the cell is judged anew: what comes out under all of them is the verdict, however it came about. Facts of
degree (how often, in which order, how safely) need no supposing; the premises weigh their worst answer by themselves.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from handoffmap.model import DeadLetter, Dedupe, QuantityMapping
from handoffmap.premises.claim import BROKEN, Ask, Claim
from handoffmap.premises.graph import flow_of
from handoffmap.premises.phrases import listed
from handoffmap.verdicts.assessed import Told
from handoffmap.verdicts.unsaid import has_values
from handoffmap.verdicts.verdict import judge as judge_as_stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.finding import DriftClass, Verdict
    from handoffmap.model import Cell, Topology, WritePath
    from handoffmap.premises.cells import Case
    from handoffmap.premises.survey import Survey
    from handoffmap.verdicts.assessed import Assessed
    from handoffmap.verdicts.verdict import Judgement
    from handoffmap.vocabulary import Seconds

__all__ = ["judge"]

MOST_ASKED = 4
"""Open facts of one cell up to which all their answers are supposed."""
MOST_PATHS = 40
"""Paths that lead to a cell up to which answers are supposed: more are not judged again and again."""
FREE_WORK = 1_500
"""Paths that may be judged anew for one map, all suppositions added up."""

_SETTLED = ({"converges"}, {"drifts"})
_DAY = Fraction(86_400)
_LONG = Fraction(10**9)
"""Seconds of waiting after which nothing can be under way."""

_Changes = tuple[tuple[str, Any], ...]


class _Answer(NamedTuple):
    """One answer to an open question, as a change of facts."""

    section: str
    entry: str
    changes: _Changes


class _Leaf(NamedTuple):
    """What comes out for a cell once enough has been supposed."""

    verdict: Verdict
    drift: DriftClass | None
    window: Seconds | None
    broken: frozenset[tuple[str, str, str]]
    premise: str


def judge(topology: Topology) -> Judgement:
    """Judge every cell of a map; where that hangs on what the map is, under each answer to that."""
    judgement = judge_as_stated(topology)
    trials = _Trials(judgement)
    if not trials.open:
        return judgement
    cells = {cell: trials.settled(cell) for cell in judgement.cells}
    return judgement._replace(cells=cells)


class _Trials:
    """Suppositions about one map, each judged once for all cells that it bears on."""

    def __init__(self, judgement: Judgement) -> None:
        self._judgement = judgement
        self._work = FREE_WORK
        self._done: dict[tuple[object, ...], Judgement] = {}
        self.open = _open_cells(judgement)
        """Cell -> the open facts about what the map is that its own claims name."""

    def settled(self, cell: Cell) -> Assessed:
        """One cell, under all answers where there are few enough."""
        before = self._judgement.cells[cell]
        survey = self._judgement.survey
        systems = _around(cell, survey)
        if systems is None:
            return before
        asks = _asked(self._judgement, self.open, cell)
        if not 0 < len(asks) <= MOST_ASKED:
            return before
        whole = len(survey.topology.write_paths) <= MOST_PATHS
        top = self._judgement if whole else self._judged(_part(survey.topology, systems), (systems,))
        leaves: list[_Leaf] = []
        for leaf in self._leaves(top, () if whole else (systems,), cell, 0):
            if leaf is None:
                return before  # too much work
            leaves.append(leaf)
            if {each.verdict for each in leaves} not in _SETTLED:
                break  # no other answer can settle it
        return _put_together(before, leaves, asks)

    def _leaves(
        self, judgement: Judgement | None, supposed: tuple[object, ...], cell: Cell, deep: int
    ) -> Iterator[_Leaf | None]:
        """What comes out at the ends of all ways to answer; None where the work ran out."""
        if judgement is None:
            yield None
            return
        asks = _asked(judgement, _open_cells(judgement), cell) if deep < MOST_ASKED else ()
        if not asks:
            yield _leaf(judgement.cells[cell])
            return
        topology = judgement.survey.topology
        for number, answer in enumerate(_answers_to(asks[0], topology)):
            now = (*supposed, (asks[0], number))
            yield from self._leaves(self._judged(_with(topology, answer), now), now, cell, deep + 1)

    def _judged(self, topology: Topology, supposed: tuple[object, ...]) -> Judgement | None:
        """A map in which something is supposed, judged once for all cells; None where that is too much work."""
        found = self._done.get(supposed)
        if found is None:
            self._work -= len(topology.write_paths)
            if self._work >= 0:
                found = self._done[supposed] = judge_as_stated(topology)
        return found


def _open_cells(judgement: Judgement) -> dict[Cell, tuple[Ask, ...]]:
    """The facts about what the map is that the claims about each cell hang on."""
    found: dict[Cell, tuple[Ask, ...]] = {}
    topology = judgement.survey.topology
    for cell, assessed in judgement.cells.items():
        asks: dict[Ask, None] = {}
        for told in assessed.told:
            if told.claim.drift is None:
                continue
            for ask in (*told.claim.asks, *(told.healed.asks if told.healed is not None else ())):
                turns = _turns(ask, told.claim, topology) or _cuts_both_ways(ask, assessed)
                if turns and _answers_to(ask, topology):
                    asks[ask] = None
        if assessed.verdict == "drifts":  # what may land there may also make it good
            unsaid = [Ask("path", path.id, "maps") for path in assessed.case.unclear]
            unsaid += (Ask("path", path.id, "guard") for path in assessed.case.deltas.values() if _may_act_once(path))
            asks.update((ask, None) for ask in unsaid if _answers_to(ask, topology))
        if asks:
            found[cell] = tuple(asks)
    return found


def _turns(ask: Ask, claim: Claim, topology: Topology) -> bool:
    """Whether a ledger decides more than how often: whether an event arrives, or whether an order acts but once."""
    if ask.fact in _BOTH_WAYS:
        return False
    return ask.fact != "dedupe" or claim.premise == "TA1" or topology.write_paths[ask.id].op in {"reserve", "release"}


def _cuts_both_ways(ask: Ask, assessed: Assessed) -> bool:
    """Whether one rule asks for a fact lest messages are lost, and another lest they come too late, or once more."""
    return ask.fact in _BOTH_WAYS and len({told.claim.slug for told in assessed.told if ask in told.claim.asks}) > 1


_BOTH_WAYS = frozenset({"dead_letter", "dead_letter.replay"})
"""Facts of which either answer may do harm: what is never replayed is lost, and what is comes late."""


def _asked(judgement: Judgement, opened: dict[Cell, tuple[Ask, ...]], cell: Cell) -> tuple[Ask, ...]:
    """The open facts of a cell and of all that its value comes from, in a fixed order."""
    if not opened:
        return ()
    asks: set[Ask] = set()
    todo, seen = [cell], {cell}
    while todo and len(seen) <= MOST_PATHS:
        one = todo.pop()
        asks.update(opened.get(one, ()))
        assessed = judgement.cells[one]
        for above in (*assessed.above, *assessed.upstream, *_through_computed(assessed.case)):
            if above not in seen and above in judgement.cells:
                seen.add(above)
                todo.append(above)
    return tuple(sorted(asks, key=lambda ask: (_FIRST.index(ask.fact.partition(".")[0]), ask)))


def _through_computed(case: Case) -> Iterator[Cell]:
    """The cells whose values move one through what is computed over it."""
    for computed in case.computed_over:
        for feed in case.survey.case(computed).feeds:
            yield from feed.reads


_FIRST = (
    "payload", "op", "trigger", "events", "maps", "origin_tag", "dedupe", "guard", "dead_letter", "on_mismatch",
    "scope", "every", "last_success_monitored", "settle",
)  # fmt: skip
"""Facts that others hang on go first."""


def _around(cell: Cell, survey: Survey) -> frozenset[str] | None:
    """The systems that lead to a cell's; None where there is too much of it."""
    todo, seen, paths = [cell.system], {cell.system}, 0
    while todo:
        into = survey.graph.paths_into(todo.pop())
        paths += len(into)
        if paths > MOST_PATHS:
            return None
        for path in into:
            read = (*_terms(path), *(() if path.amount_from is None else (path.amount_from,)))
            for name in (path.source, *(each.system for each in read if each.system is not None)):
                if name not in seen:
                    seen.add(name)
                    todo.append(name)
    return frozenset(seen)


def _terms(path: WritePath) -> Iterator[Any]:
    for mapping in (path.maps or {}).values():
        if mapping is not None:
            yield from (*mapping.plus, *mapping.minus)


def _part(topology: Topology, systems: frozenset[str]) -> Topology:
    """What leads to a cell, and every place where an event may happen that ought to."""
    kept = set(systems)
    for event in topology.events.values():
        kept.update(origin.system for origin in event.origins)
    for control in (topology.controls or {}).values():
        kept.update(each.system for each in (control.authority, control.mirror, control.corrects) if each is not None)
    for system in systems:
        for holding in topology.systems[system].holds.values():
            kept.update(term.system for term in holding.derived_from or () if term.system is not None)
    return topology._replace(
        systems={name: system for name, system in topology.systems.items() if name in kept},
        write_paths={name: path for name, path in topology.write_paths.items() if path.target in systems},
    )


def _with(topology: Topology, answer: _Answer) -> Topology:
    entries: dict[str, Any] = dict(getattr(topology, answer.section) or {})
    entries[answer.entry] = entries[answer.entry]._replace(**dict(answer.changes))
    sections: dict[str, Any] = {answer.section: entries}
    return topology._replace(**sections)


def _leaf(found: Assessed) -> _Leaf:
    broken = [told.claim for told in found.told if told.turns and told.claim.holds is False]
    return _Leaf(
        found.verdict, found.drift, found.window, frozenset(map(_cause, broken)), broken[0].premise if broken else "TB0"
    )


def _cause(claim: Claim) -> tuple[str, str, str]:
    """What makes a claim the same under two answers."""
    return (claim.slug, claim.path.id if claim.path is not None else "", " ".join(map(str, claim.upstream)))


def _put_together(before: Assessed, leaves: list[_Leaf], asks: tuple[Ask, ...]) -> Assessed:
    """The verdict that all answers come to, with the claims that led to another one set right."""
    verdicts = {leaf.verdict for leaf in leaves}
    verdict: Verdict = verdicts.pop() if len(verdicts) == 1 else "undetermined"
    classes = {leaf.drift for leaf in leaves}
    drift = classes.pop() if len(classes) == 1 else None
    if (verdict, drift) == (before.verdict, before.drift):
        return before
    windows = [leaf.window for leaf in leaves if leaf.window is not None]
    window = max(windows) if len(windows) == len(leaves) and verdict != "undetermined" else None
    always = frozenset.intersection(*(leaf.broken for leaf in leaves))
    told = [each for item in before.told if (each := _set_right(item, verdict, always, asks)) is not None]
    if verdict == "drifts" and not any(item.turns and item.claim.holds is False for item in told):
        facts = listed(sorted({f"{ask.fact} of {ask.id}" for ask in asks}))
        claim = Claim(
            "", leaves[0].premise, BROKEN, f"it drifts whatever {facts} may be", drift=drift or "permanent", asks=asks
        )
        told.append(Told(claim, drift, turns=True))
    upstream = dict.fromkeys(cell for item in told for cell in item.claim.upstream)
    return before._replace(verdict=verdict, drift=drift, window=window, told=tuple(told), upstream=tuple(upstream))


def _set_right(
    item: Told, verdict: Verdict, always: frozenset[tuple[str, str, str]], asks: tuple[Ask, ...]
) -> Told | None:
    """One claim in the light of what all answers come to; None where no answer makes it true."""
    if not item.turns:
        return item
    if verdict == "converges":
        return None
    if item.claim.holds is False and verdict == "undetermined" and _cause(item.claim) not in always:
        because = item.claim.because if item.claim.slug else "hangs on what nobody has said"
        claim = item.claim._replace(holds=None, because=because, asks=tuple(dict.fromkeys((*item.claim.asks, *asks))))
        return item._replace(claim=claim)
    return item


# -- the answers that an open question may have ----------------------------------------------------------------


def _answers_to(ask: Ask, topology: Topology) -> tuple[_Answer, ...]:
    """Every answer to a question about what the map is; none for a question of degree. What is asked is unstated."""
    path = topology.write_paths.get(ask.id) if ask.kind == "path" else None
    if path is not None:
        return tuple(
            _Answer("write_paths", path.id, tuple(each.items())) for each in _of_path(ask.fact, path, topology)
        )
    control = (topology.controls or {}).get(ask.id) if ask.kind == "control" else None
    if control is not None:
        return tuple(_Answer("controls", control.id, tuple(each.items())) for each in _of_control(ask.fact))
    return ()


_OPS = {"delta": ("adjust", "set"), "state": ("set", "cas", "adjust")}
"""What a target may do with what is sent, rightly or wrongly."""


def _of_path(fact: str, path: WritePath, topology: Topology) -> tuple[dict[str, Any], ...]:
    flow = flow_of(path)
    if flow is None:
        if fact in {"op", "trigger", "events"}:
            return ()
        if fact == "payload":
            return tuple(
                {"payload": payload, "op": op}
                for payload, ops in _OPS.items()
                if payload == "delta" or has_values(path, topology)
                for op in (ops if path.op is None else (path.op,))
            )
    elif fact == "op":
        return tuple({"op": op} for op in _OPS["delta" if flow == "delta" else "state"])
    elif fact == "trigger" and flow == "state":  # a number is sent as it is stated
        return {"trigger": "poll" if path.schedule is None else "schedule"}, {"trigger": "queue"}
    elif fact == "events" and flow == "delta":
        return {"events": tuple(sorted(topology.events))}, {"events": ()}
    if fact == "origin_tag":
        return {"origin_tag": True}, {"origin_tag": False}
    if fact in {"dead_letter", "dead_letter.replay"}:
        return _of_dead_letter(path)
    if fact == "guard":
        guards = ("state_machine", "none", "version") if _may_act_once(path) else ("none", "version")
        asked = _may_act_once(path) or _refusing_would_keep_order(path, topology)
        return tuple({"guard": guard} for guard in guards if asked)
    return _of_ledger(fact, path) if fact.startswith("dedupe") else _of_maps(fact, path, topology)


def _of_dead_letter(path: WritePath) -> tuple[dict[str, Any], ...]:
    letters = path.dead_letter
    if not isinstance(letters, DeadLetter):
        return {"dead_letter": "none"}, {"dead_letter": DeadLetter(monitored=True, replay="auto")}
    if letters.monitored is False:
        return ()
    return {"dead_letter": letters._replace(replay="none")}, {"dead_letter": letters._replace(replay="auto")}


def _may_act_once(path: WritePath) -> bool:
    """Whether a target reserves or releases once per order, if nothing but its guard says so."""
    return path.guard is None and path.op in {"reserve", "release"} and flow_of(path) == "delta"


def _refusing_would_keep_order(path: WritePath, topology: Topology) -> bool:
    """Whether late amounts, if a target takes them, come out as values that are refused by their time further on."""
    return any(
        onward.source == path.target and onward.guard == "event_time" for onward in topology.write_paths.values()
    )


def _of_ledger(fact: str, path: WritePath) -> tuple[dict[str, Any], ...]:
    stated = path.dedupe
    if flow_of(path) != "delta":
        return ()
    if stated is None:
        good = Dedupe(retention="forever", stable_across_retries=True, unique_per_effect=True)
        return {"dedupe": good}, {"dedupe": "none"}
    if not isinstance(stated, Dedupe):
        return ()
    if fact == "dedupe.stable_across_retries":
        return tuple({"dedupe": stated._replace(stable_across_retries=stays)} for stays in (True, False))
    if fact == "dedupe.unique_per_effect":
        return tuple({"dedupe": stated._replace(unique_per_effect=apart)} for apart in (True, False))
    return ()


def _of_maps(fact: str, path: WritePath, topology: Topology) -> tuple[dict[str, Any], ...]:
    if fact == "maps":
        source, target = topology.systems[path.source].holds, topology.systems[path.target].holds
        same = {name: QuantityMapping(name) for name in target if flow_of(path) in {"delta", "kept"} or name in source}
        return ({"maps": same}, {"maps": {}}) if same else ({"maps": {}},)  # values need something to be read
    maps = path.maps or {}
    unsaid = {f"maps.{left}": left for left, to in maps.items() if to is None}
    if fact not in unsaid:
        return ()
    return tuple({"maps": {**maps, unsaid[fact]: QuantityMapping(to)}} for to in (unsaid[fact], None))


def _of_control(fact: str) -> tuple[dict[str, Any], ...]:
    if fact == "on_mismatch":
        return {"on_mismatch": "correct"}, {"on_mismatch": "none"}
    if fact == "scope":
        return {"scope": "full"}, {"scope": "sampled"}
    if fact == "every":
        return {"every": _DAY}, {"on_mismatch": "none"}
    if fact == "last_success_monitored":
        return {"last_success_monitored": True}, {"last_success_monitored": False}
    if fact == "settle":
        return {"settle": _LONG}, {"settle": Fraction(0)}
    return ()
