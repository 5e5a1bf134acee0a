"""Collect maps that show what a clause is for: `python -m tests.agreement.collecting NAMES [--maps 3000] [--seed 5]`.

NAMES is a file with the names of mutants, one a line. For each that the corpus of answers does not notice, a map is
looked for on which something else is said when the clause is changed; it is made smaller, held against the model, and
added to the corpus. What is left over is told: no map that was drawn needs the clause.
"""

from __future__ import annotations

import argparse
import copy
import json
import signal
import sys
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from tests.agreement import trials
from tests.agreement.answers import COLLECTED, answers, collected
from tests.agreement.answers import trials as corpus
from tests.agreement.compare import Invalid, compare, read
from tests.agreement.grafting import PATIENCE, graft
from tests.agreement.hunting import Hunt
from tests.agreement.mutations import all_mutants, modules
from tests.agreement.probing import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoffmap.model import Topology
    from tests.agreement.mutants import Mutant

__all__ = ["main"]

Facts = dict[str, Any]

ENOUGH = 250
"""Maps that a mutant is tried on while a larger one is made smaller."""


def main(arguments: list[str] | None = None) -> int:
    """The command: 0."""
    parser = argparse.ArgumentParser(description="Collect maps that show what a clause is for.")
    parser.add_argument("names", type=Path)
    parser.add_argument("--maps", type=int, default=3_000, help="random maps, and as many of each kind of neighbours")
    parser.add_argument("--most", type=int, default=40, help="maps that are looked at for one mutant")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--processes", type=int, default=1)
    given = parser.parse_args(arguments)
    names = set(given.names.read_text(encoding="utf-8").splitlines())
    hunt = Hunt(modules(), [each for each in all_mutants() if each.name in names], processes=given.processes)
    hunt.among(list(corpus()), 10_000, most=40)
    left = [each.mutant for each in hunt.found if each.killed_by is None]
    drawn = trials.drafts(trials.Drafts(given.seed, given.maps, given.maps), written=True)
    seen = Seen(modules(), left, drawn, given.most)
    added: dict[str, list[Facts]] = defaultdict(list)
    for number, mutant in enumerate(left):
        if any(_differs(mutant, found) for found in added[mutant.module][-30:]):
            continue
        maps = [trial.found for trial in seen.trials[number] if trial.found is not None]
        found = _found(mutant, maps)
        if found is None:
            sys.stdout.write(f"{'unseen' if not maps else 'nothing'}\t{mutant.name}\n")
            sys.stdout.flush()
        elif found:
            added[mutant.module].append(found)
            _keep(mutant, found)
    return 0


def _found(mutant: Mutant, maps: Sequence[Facts]) -> Facts | None:
    """The smallest map on which it differs; empty: only such on which rules and model do not agree."""
    differing = next((found for found in maps if _differs(mutant, found)), None)
    if differing is None:
        return None
    small = _smaller(mutant, differing)
    for found in (small, differing, *(each for each in maps[:10] if _differs(mutant, each))):
        if not compare(found).disagreements:
            return found
    sys.stdout.write(f"disputed\t{mutant.name}\n")
    return {}


def _keep(mutant: Mutant, found: Facts) -> None:
    stem = mutant.module.rpartition(".")[2]
    name = f"{stem}_{crc32(json.dumps(found, sort_keys=True).encode()):08x}"
    if name not in collected():
        with COLLECTED.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name, "map": found}) + "\n")


def _smaller(mutant: Mutant, found: Facts) -> Facts:
    """What is left when everything is taken away, the large things first, that it does not hang on."""
    best, tried = found, 0
    for way in list(_ways(found)):
        if tried >= ENOUGH:
            break
        with suppress(KeyError, IndexError, TypeError):
            candidate = _without(best, way)
            tried += 1
            if _differs(mutant, candidate):
                best = candidate
    return best


def _ways(found: Facts) -> Iterator[tuple[Any, ...]]:
    """The ways to all that stands in a map, from its top down, in a list from its end."""
    todo: list[tuple[Any, ...]] = [(key,) for key in found if key not in {"handoffmap", "name"}]
    while todo:
        way = todo.pop(0)
        value: Any = found
        for step in way:
            value = value[step]
        if len(way) > 1:
            yield way
        if isinstance(value, dict):
            todo.extend((*way, key) for key in value)
        elif isinstance(value, list):
            todo.extend((*way, place) for place in reversed(range(len(value))))


def _without(found: Facts, way: tuple[Any, ...]) -> Facts:
    smaller = copy.deepcopy(found)
    here: Any = smaller
    for step in way[:-1]:
        here = here[step]
    del here[way[-1]]
    return smaller


def _differs(mutant: Mutant, found: Facts) -> bool:
    """Whether something else is said of a map when the mutant is there."""
    try:
        topology = read(found)
        before = answers(topology)
    except (Invalid, RecursionError):
        return False
    back = graft(mutant)
    try:
        return _answered(topology) != before
    finally:
        back()


def _answered(topology: Topology) -> object:
    """What is said with the mutant there; None: it raises, or comes to no end."""
    signal.signal(signal.SIGPROF, _endless)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        return answers(topology)
    except Exception:  # noqa: BLE001 - whatever goes wrong shows that something is wrong
        return None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _endless(*_: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    sys.exit(main())
