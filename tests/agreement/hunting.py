"""The **hunt** for what notices each mutant: first what did so before, then what comes to its place, then more of that.

A map that notices costs a millisecond or two; what costs is to look at thousands that cannot. So every step looks only
for the mutants that are left, and only at maps that come to their places.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from tests.agreement.compare import Invalid
from tests.agreement.grafting import Outcome, outcomes
from tests.agreement.probing import Seen
from tests.agreement.trials import called, near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import ModuleType

    from tests.agreement.mutants import Mutant
    from tests.agreement.trials import Trial

__all__ = ["Hunt"]


class Hunt:
    """Mutants, and what has become of them so far."""

    def __init__(self, modules: Sequence[ModuleType], mutants: Sequence[Mutant], *, processes: int = 1) -> None:
        self._modules, self._mutants, self._processes = modules, mutants, processes
        self._outcomes: dict[str, Outcome] = {}
        self._near: dict[str, list[Trial]] = defaultdict(list)

    @property
    def found(self) -> list[Outcome]:
        """What has become of each; one that nothing has looked at survives."""
        return [self._outcomes.get(mutant.name, Outcome(mutant, None, None, 0)) for mutant in self._mutants]

    def near(self, mutant: Mutant) -> list[Trial]:
        """The maps that are known to come to the place of a mutant, or to its function."""
        return self._near[mutant.name]

    def again(self, killers: Mapping[str, str], tables: Iterable[Trial]) -> None:
        """Try first what killed a mutant in an earlier hunt: mutant -> trial, by their names."""
        known = {trial.name: trial for trial in tables}

        def jobs() -> Iterator[tuple[Mutant, Sequence[Trial]]]:
            for mutant in self._left():
                name = killers.get(mutant.name)
                if name is None:
                    continue
                try:
                    yield mutant, [known.get(name) or _called(name)]
                except (Invalid, KeyError):  # it is no more
                    continue

        self._judge(jobs())

    def among(self, trials: Iterable[Trial], batch: int, most: int = 12) -> None:
        """Try what comes to the place of a mutant, `most` of it: a batch at a time, twice as many the next time."""
        rest = iter(trials)
        while some := list(islice(rest, batch)):
            self._among(some, most)
            batch *= 2

    def _among(self, trials: Sequence[Trial], most: int) -> None:
        left = self._left()
        began = time.process_time()
        seen = Seen(self._modules, left, trials, most)
        spent = time.process_time() - began
        sys.stderr.write(f"{len(left)} mutants looked for in {len(trials)} trials in {spent:.0f} s of computing\n")

        def jobs() -> Iterator[tuple[Mutant, Sequence[Trial]]]:
            for number, mutant in enumerate(left):
                found = seen.trials[number]
                near = self._near[mutant.name]
                near.extend(found or seen.entered[mutant.module, mutant.where])
                yield mutant, [_called(each.name) if each.kind == "draft" else each for each in found]

        self._judge((mutant, found) for mutant, found in jobs() if found)

    def beside(self, count: int) -> None:
        """Try so many neighbours of the maps that come to the place of a mutant."""
        self._judge(
            (mutant, list(near(self._near[mutant.name], place * count, count)))
            for place, mutant in enumerate(self._left())
        )

    def _left(self) -> list[Mutant]:
        done = {name for name, outcome in self._outcomes.items() if outcome.killed_by is not None}
        return [mutant for mutant in self._mutants if mutant.name not in done]

    def _judge(self, jobs: Iterable[tuple[Mutant, Sequence[Trial]]]) -> None:
        for each in outcomes(jobs, processes=self._processes):
            before = self._outcomes.get(each.mutant.name)
            looked_at = each.looked_at + (before.looked_at if before is not None else 0)
            self._outcomes[each.mutant.name] = each._replace(looked_at=looked_at)
            sys.stderr.write(f"{each.killed_by or '-'}\t{each.mutant.name}\n")
            sys.stderr.flush()


_called = lru_cache(maxsize=6_000)(called)
