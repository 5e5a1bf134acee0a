"""Many maps → **one report**: what is kept is taken up, what is left is judged by as many processes as pay.

The report is that of `check_sources`, whichever way it has come about.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from handoffmap.diagnosis import Report
from handoffmap.errors import UnreadableFile
from handoffmap.estate.crew import crew_size, share_out
from handoffmap.estate.recalled import recalled, recalled_problems
from handoffmap.estate.record import Record, text_digest
from handoffmap.estate.shelf import Shelf
from handoffmap.estate.way import real_way
from handoffmap.text.parse import paused_gc
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.errors import HandoffmapError
    from handoffmap.estate.crew import Take
    from handoffmap.estate.means import Means
    from handoffmap.finding import Finding

__all__ = ["Many", "check_many"]


_FOREIGN = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
"""What comes of a record that something else has written under our name."""


class Many(NamedTuple):
    """A run over many maps."""

    report: Report
    trouble: OSError | None
    """Why nothing could be kept, where that is so."""


class _Outcome(NamedTuple):
    """What one map has come to."""

    sources: tuple[Source, ...]
    diagnosis: Diagnosis | None
    invalid: tuple[Finding, ...]


def check_many(sources: Sequence[Source], means: Means) -> Many:
    """Judge maps that have been read, by a team's own rules too.

    Raises `PluginFailed` for the first map about which one of those fails, and `WorkerDied`.
    """
    with paused_gc():
        shelf = _shelf(means)
        parts = _Parts()
        outcomes = [_kept(source, shelf, parts, means) for source in sources]
        # What is left to this process, in order: not said by a worker, or to be raised as one has said it.
        left: dict[int, HandoffmapError | None] = {
            number: None for number, outcome in enumerate(outcomes) if outcome is None
        }

        def take(number: int, answer: Record | HandoffmapError | None) -> None:
            if isinstance(answer, Record):
                outcomes[number] = _taken_in(sources[number], answer, shelf, parts, means)
                del left[number]
            else:
                left[number] = answer

        _shared_out(sources, list(left), means, take)
        for number, error in left.items():
            if error is not None:
                raise error
            outcomes[number] = _taken_in(sources[number], _judged(sources[number], means), shelf, parts, means)
        if shelf is not None:
            shelf.sweep()
        report = _report([each for each in outcomes if each is not None])
        return Many(report, None if shelf is None else shelf.trouble)


def _shelf(means: Means) -> Shelf | None:
    """Where records are kept; nowhere where packages bring rules: nobody knows what their answers hang on."""
    if means.folder is None or means.own.packages:
        return None
    return Shelf(means.folder, means.own.files)


def _kept(root: Source, shelf: Shelf | None, parts: _Parts, means: Means) -> _Outcome | None:
    """What is known of a map from an earlier run; None where it has to be judged."""
    record = None if shelf is None or root.defects else shelf.find(root)
    if record is None or (means.whole and not record.deep):
        return None
    try:
        return _outcome(root, record, parts)
    except _FOREIGN:
        return None


def _shared_out(sources: Sequence[Source], missing: Sequence[int], means: Means, take: Take) -> None:
    """Let workers judge what is missing where they pay; `take` gets each answer as it comes, with its map's number."""
    sound = [number for number in missing if not sources[number].defects]
    apart = [sources[number] for number in sound]
    size = crew_size(apart, means)
    if size > 1:
        share_out(apart, size, means, lambda number, answer: take(sound[number], answer))


def _judged(root: Source, means: Means) -> Record:
    from handoffmap.estate.judging import judged  # what is all kept loads no rules

    return judged(root, means.own.rules, whole=means.whole)


def _taken_in(root: Source, record: Record, shelf: Shelf | None, parts: _Parts, means: Means) -> _Outcome:
    """What a map has come to just now, kept for later runs if it is whole."""
    outcome = _outcome(root, record, parts)
    if outcome is None:  # an included file has changed since it was judged: judged as it is now, and not kept
        outcome = _outcome(root, _judged(root, means), _Parts(trusting=True))
        assert outcome is not None  # noqa: S101 - nothing was compared
    elif shelf is not None and outcome.diagnosis is not None:
        shelf.keep(root, record)
    return outcome


def _outcome(root: Source, record: Record, parts: _Parts) -> _Outcome | None:
    """What a record says; None where an included file is not what it was."""
    told: dict[str, Any] = json.loads(record.told)
    included = parts.of(root, told)
    if included is None:
        return None
    sources = (root, *included)
    invalid = recalled_problems(told)
    if invalid is not None:
        return _Outcome(sources, None, invalid)
    return _Outcome(sources, recalled(told, record, sources), ())


class _Parts:
    """Included files, read once for all the maps that include them; `trusting`: taken as they are."""

    def __init__(self, *, trusting: bool = False) -> None:
        self._trusting = trusting
        self._read: dict[tuple[str, str], tuple[Source, str] | None] = {}

    def of(self, root: Source, told: dict[str, Any]) -> list[Source] | None:
        """The files that a map has included; None where one of them is not what it was then."""
        if not told["ways"] and not told["parts"]:
            return []
        found: list[Source] = []
        if not self._trusting and any(real_way(root, path) != real for path, real in told["ways"]):
            return None
        for name, path, digest in told["parts"]:
            read = self._of(name, path)
            if read is not None and (self._trusting or read[1] == digest):
                found.append(read[0])
            elif not self._trusting:
                return None
        return found

    def _of(self, name: str, path: str) -> tuple[Source, str] | None:
        if (name, path) not in self._read:
            try:
                source = Source.read(path, name)
                self._read[name, path] = source, text_digest(source.text)
            except UnreadableFile:
                self._read[name, path] = None
        return self._read[name, path]


def _report(outcomes: Iterable[_Outcome]) -> Report:
    diagnoses: list[Diagnosis] = []
    invalid: list[tuple[str, tuple[Finding, ...]]] = []
    seen: dict[str, Source] = {}
    for outcome in outcomes:
        seen.update((source.name, source) for source in outcome.sources)
        if outcome.diagnosis is None:
            invalid.append((outcome.sources[0].name, outcome.invalid))
        else:
            diagnoses.append(outcome.diagnosis)
    return Report(tuple(diagnoses), tuple(invalid), 0, seen, own_asked=True)
