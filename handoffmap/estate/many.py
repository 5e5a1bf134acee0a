"""Many maps → **one report**: what is kept is taken up, what is left is judged by as many processes as pay.

The report is that of `check_sources`, whichever way it has come about.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from handoffmap.diagnosis import Report
from handoffmap.errors import HandoffmapError, UnreadableFile
from handoffmap.estate.crew import answers_of, crew_size
from handoffmap.estate.recalled import recalled, recalled_problems
from handoffmap.estate.record import text_digest
from handoffmap.estate.shelf import Shelf
from handoffmap.estate.way import real_way
from handoffmap.text.parse import paused_gc
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.estate.means import Means
    from handoffmap.estate.record import Record
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
        missing = [number for number, outcome in enumerate(outcomes) if outcome is None]
        for number, record in zip(missing, _records([sources[number] for number in missing], means), strict=True):
            outcomes[number] = _taken_in(sources[number], record, shelf, parts, means)
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


def _records(missing: Sequence[Source], means: Means) -> Iterator[Record]:
    """The record of each map, in order."""
    from handoffmap.estate.judging import judged

    sound = [source for source in missing if not source.defects]
    size = crew_size(sound, means)
    answers = iter(answers_of(sound, size, means) if size > 1 else [None] * len(sound))
    for root in missing:
        answer = None if root.defects else next(answers)
        if isinstance(answer, HandoffmapError):
            raise answer
        yield judged(root, means.own.rules, whole=means.whole) if answer is None else answer


def _taken_in(root: Source, record: Record, shelf: Shelf | None, parts: _Parts, means: Means) -> _Outcome:
    """What a map has come to just now, kept for later runs if it is whole."""
    outcome = _outcome(root, record, parts)
    if outcome is None:  # an included file has changed since it was judged: judged as it is now, and not kept
        from handoffmap.estate.judging import judged

        outcome = _outcome(root, judged(root, means.own.rules, whole=means.whole), _Parts(trusting=True))
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
