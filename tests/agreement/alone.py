"""**Each finding alone**: the model sees what one finding says, with every other of the cell made safe, or not at all.

Otherwise a false finding hides behind a true one. For rules about facts of one path a table gives their safe values;
for the others the changes that the tool itself would offer are tried. A set of changes is fit to isolate a finding if
the rules still make it with all others mended; then the model has to see it, too: a run in which its own fault, on its
own path, makes the cell wrong. And with this one mended as well there must be no run left.
"""

from __future__ import annotations

import copy
from itertools import islice, product
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from handoffmap.check import diagnose
from handoffmap.premises.cells import Survey
from handoffmap.prove import CONFUSED, _own_run, _path_of
from handoffmap.remedy.edit import Edit
from handoffmap.remedy.menu import candidates
from handoffmap.remedy.spot import Spot
from handoffmap.verdicts.verdict import judge
from handoffmap.witness import prove_cell, prove_pairs, with_pairs
from tests.agreement.changing import Unchangeable, changed
from tests.agreement.compare import CAP, Invalid, read
from tests.agreement.generator import idle_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.finding import CellVerdict, Finding
    from handoffmap.model import Cell, Topology
    from tests.agreement.compare import Compared

__all__ = ["SAFE", "Alone", "alone"]

_KNOWN: dict[str, Any] = {
    "key": ["event_id"], "retention": "forever", "stable_across_retries": True, "unique_per_effect": True,
}  # fmt: skip
_FOR_EVER: dict[str, Any] = {"retry": {"max_attempts": "unlimited", "every": "1m"}, "dead_letter": "none"}
_EVERYTHING: dict[str, Any] = {"events": None, "fires_for": None, "only": None, "except": None}

SAFE: dict[str, tuple[dict[str, Any], ...]] = {
    "duplicate-delivery": ({"dedupe": _KNOWN}, {"delivery": "exactly_once_effect"}),
    "dedupe-key-too-coarse": ({"dedupe": _KNOWN},),
    "dedupe-key-unstable": ({"dedupe": _KNOWN},),
    "dedupe-window-short": ({"dedupe": _KNOWN},),
    "replay-double-count": ({"enabled": False},),
    "lost-delivery": ({"delivery": "at_least_once", **_FOR_EVER}, {"delivery": "exactly_once_effect"}),
    "unwatched-dead-letter": (_FOR_EVER,),
    "ack-before-commit": ({"ack": "after_commit"},),
    "dual-write": ({"handoff": "outbox"},),
    "subscription-lapse": ({"subscription": None},),
    "refused-delta": ({"guard": "none"},),
    "reordered-state": ({"guard": "version"}, {"payload": "notify_then_fetch"}),
    "clamp-at-zero": ({"clamp_at_zero": None},),
    "read-before-commit": ({"read_at": "after_commit"},),
    "lost-update": ({"concurrency": "atomic"},),
    "stale-write-back": ({"base": "target", "guard": "lock"}, {"enabled": False}),
    "blind-overwrite": ({"op": "cas", "guard": "none"}, {"enabled": False}),
    "trigger-gap": (_EVERYTHING, {"only_if_changed": False}),
    "disabled-path": ({"enabled": True},),
    "operation-mismatch": ({"op": "adjust", "payload": "delta"}, {"op": "set", "payload": "state"}),
    "watermark-defect": ({"poll": {"watermark": "cursor", "advance_on": "success_only"}},),
    "poll-window-gap": ({"poll": {"lookback": "24h"}},),
}
"""Rule -> sets of facts of its path, each of which makes what it says untrue; None: the fact is taken away.

A table is laid over what the path states under that key.
"""

MOST_MENDS, MOST_SETS = 24, 24
"""Changes that are looked at for one finding; sets of them, one for each finding of a cell."""

MOST_CLEARED = 3
"""Sets after which the rules have nothing against the cell that the model is asked about."""

Mend = tuple[Edit, ...]

Outcome = Literal["alone", "not seen", "not by its own fault", "stays", "no mend"]
"""`alone` is what ought to be. `no mend`: no change is known that isolates it."""


class Alone(NamedTuple):
    """What became of one finding with every other one of its cell made safe."""

    cell: Cell
    slug: str
    path: str
    outcome: Outcome


def alone(found: dict[str, Any], compared: Compared) -> list[Alone]:
    """Every confirmed finding of every cell that drifts by findings of its own."""
    results: list[Alone] = []
    for verdict in compared.diagnosis.verdicts:
        if verdict.verdict == "drifts" and not verdict.upstream:
            mine = _turning(compared, verdict)
            results.extend(_Isolation(found, compared.topology, verdict.cell, mine).results())
    return results


def _turning(compared: Compared, verdict: CellVerdict) -> list[Finding]:
    return [
        each
        for each in compared.diagnosis.findings
        if each.fingerprint in verdict.findings and each.confidence == "confirmed" and each.drift is not None
    ]


class _Isolation:
    """The findings of one cell, and what is known to mend each."""

    def __init__(self, found: dict[str, Any], topology: Topology, cell: Cell, mine: list[Finding]) -> None:
        self.found, self.topology, self.cell, self.mine = found, topology, cell, mine
        self.survey = Survey(topology)
        self.idle = idle_paths(found)

    def results(self) -> Iterator[Alone]:
        """What becomes of each finding."""
        mends = [list(islice(self.mends_of(each), MOST_MENDS)) for each in self.mine]
        sets = list(islice(product(*mends), MOST_SETS))
        cleared = list(islice((each for each in sets if self.is_cleared(each)), MOST_CLEARED))
        drifting = [self.drifts(each) for each in cleared]
        sound = next((each for each, drifts in zip(cleared, drifting, strict=True) if drifts is False), None)
        stays = sound is None and True in drifting
        for place, one in enumerate(self.mine):
            outcome = self.outcome(place, sets if sound is None else [sound, *sets])
            outcome = "stays" if outcome == "alone" and stays else outcome
            yield Alone(self.cell, one.slug, str(one.subject.write_path), outcome)

    def outcome(self, place: int, sets: list[tuple[Mend, ...]]) -> Outcome:
        """What becomes of one of the findings with the others mended."""
        for mended in dict.fromkeys(each[:place] + each[place + 1 :] for each in sets):
            left = self.read(mended)
            if left is None or not self.still_said(left, self.mine[place]):
                continue
            drifts = self.drifts(mended)
            if drifts is None:
                continue
            if not drifts:
                return "not seen"
            return "alone" if self.has_own_run(left, self.mine[place]) else "not by its own fault"
        return "no mend"

    # -- what mends ----------------------------------------------------------------------------------------

    def mends_of(self, finding: Finding) -> Iterator[Mend]:
        """The changes that make the finding go away, in the eyes of the rules, and bring no other to the cell."""
        offered = [*_from_table(finding), *candidates(Spot(finding, self.topology, self.survey))]
        for mend in dict.fromkeys(offered):
            after = self.read((mend,))
            if after is None:
                continue
            left = diagnose(after)
            said = {each.fingerprint for each in left.findings if self.cell in each.cells and each.drift is not None}
            if finding.fingerprint not in said and said <= {each.fingerprint for each in self.mine}:
                yield mend

    def read(self, mends: tuple[Mend, ...]) -> Topology | None:
        try:
            after = changed(copy.deepcopy(self.found), [edit for mend in mends for edit in mend])
            return None if idle_paths(after) - self.idle else read(after)
        except (Invalid, Unchangeable):
            return None

    def is_cleared(self, mends: tuple[Mend, ...]) -> bool:
        """Whether the rules see no drift of the cell any more, of its own or from elsewhere."""
        after = self.read(mends)
        cells = judge(after).cells if after is not None else {}
        return self.cell in cells and cells[self.cell].verdict != "drifts"

    # -- what is seen --------------------------------------------------------------------------------------

    def drifts(self, mends: tuple[Mend, ...]) -> bool | None:
        """Whether the model sees a drift under every completion of what is unknown; None: it cannot tell."""
        topology = self.read(mends)
        if topology is None:
            return None
        proof = with_pairs(prove_cell(topology, self.cell, cap=CAP), prove_pairs(topology, self.cell))
        return None if proof.bound is not None else proof.verdict == "drifts"

    def still_said(self, topology: Topology, finding: Finding) -> bool:
        return any(
            (each.slug, each.subject, each.confidence) == (finding.slug, finding.subject, "confirmed")
            for each in diagnose(topology).findings
        )

    def has_own_run(self, topology: Topology, finding: Finding) -> bool:
        about = CONFUSED.get(finding.slug)
        if about is not None:
            return any(pair.run is not None and pair.about == about for pair in prove_pairs(topology, self.cell))
        return _own_run(topology, finding, self.cell, _path_of(finding), None) is not None


def _from_table(finding: Finding) -> Iterator[Mend]:
    names = [each.write_path for each in (finding.subject, *(related.subject for related in finding.related))]
    paths = list(dict.fromkeys(name for name in names if name is not None))
    for facts in SAFE.get(finding.slug, ()):
        for some in dict.fromkeys((tuple(paths[:1]), tuple(paths))):
            if some:
                yield tuple(edit for path in some for edit in _edits(path, facts))


def _edits(path: str, facts: dict[str, Any]) -> Iterator[Edit]:
    for key, value in facts.items():
        if value is None:
            yield Edit("write_paths", path, (key,), None, "remove")
        elif isinstance(value, dict):
            yield from (Edit("write_paths", path, (key, inner), each) for inner, each in value.items())
        else:
            yield Edit("write_paths", path, (key,), value)
