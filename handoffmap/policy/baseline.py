"""The baseline: findings that were there on a day and are known. Only what is new counts from then on.

A finding is known by its meaning (its fingerprint: rule, subject, cause and whether it is confirmed), never by its
line or its file: reformatting, reordering and renaming change nothing. The file is JSON, one finding a line.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from handoffmap.errors import BadSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from handoffmap.diagnosis import Diagnosis, Report
    from handoffmap.finding import Finding

__all__ = ["VERSION", "Known", "apply_baseline", "known_of", "parse_baseline", "render_baseline"]

VERSION = 1
"""Of the file's form."""

_RANK = {"note": 0, "warning": 1, "error": 2}


class Known(NamedTuple):
    """One finding of a baseline; all but print and severity is there for those who read it."""

    fingerprint: str
    severity: str
    code: str
    slug: str
    file: str
    subject: str
    message: str


def known_of(report: Report) -> tuple[Known, ...]:
    """What a run would put into a baseline, in a stable order; broken files have nothing to be known by."""
    found = [
        Known(
            finding.fingerprint, finding.severity, finding.code, finding.slug, diagnosis.file, str(finding.subject),
            finding.message,
        )
        for diagnosis in report.diagnoses
        for finding in (*diagnosis.findings, *diagnosis.known)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda known: (known.file, known.code, known.subject, known.fingerprint)))


def render_baseline(known: Iterable[Known]) -> str:
    """The file's text."""
    lines = ",\n".join(f"  {json.dumps(each._asdict())}" for each in known)
    return f'{{"handoffmap_baseline": {VERSION}, "findings": [\n{lines}\n]}}\n'


def parse_baseline(text: str, where: str) -> tuple[Known, ...]:
    """What a baseline's text holds. Raises `BadSettings` where it is none, or of a version that is not known."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise BadSettings(f"is no baseline ({error})", where=where, hint=_ANEW) from error
    if not isinstance(data, dict) or "handoffmap_baseline" not in data:
        raise BadSettings("is no baseline: it has no `handoffmap_baseline`", where=where, hint=_ANEW)
    if data["handoffmap_baseline"] != VERSION:
        version = json.dumps(data["handoffmap_baseline"])
        raise BadSettings(f"is a baseline of version {version}; this program reads {VERSION}", where=where, hint=_ANEW)
    entries = data.get("findings")
    if not isinstance(entries, list):
        raise BadSettings("is a baseline without its list of `findings`", where=where, hint=_ANEW)
    return tuple(_known(entry, number, where) for number, entry in enumerate(entries, 1))


_ANEW = "write it anew with `handoffmap baseline write`"


def _known(entry: Any, number: int, where: str) -> Known:
    if not isinstance(entry, dict) or not isinstance(entry.get("fingerprint"), str):
        raise BadSettings(f"finding {number} has no `fingerprint`", where=where, hint=_ANEW)
    texts = {name: entry.get(name, "") for name in Known._fields}
    if texts["severity"] not in _RANK:
        raise BadSettings(f"finding {number} has no `severity`", where=where, hint=_ANEW)
    return Known(**{name: str(value) for name, value in texts.items()})


def apply_baseline(report: Report, baseline: Iterable[Known], elsewhere: Callable[[str], bool]) -> Report:
    """The report with what is known set apart, and with what has gone.

    Two findings alike need two entries. One that has become more severe than its entry is new. `elsewhere`: whether a
    file is one that this run did not look at, so that nothing has gone from it.
    """
    entries = sorted(baseline, key=lambda known: _RANK[known.severity], reverse=True)
    left = Counter(known.fingerprint for known in entries)
    worst: dict[str, int] = {}
    for known in entries:
        worst[known.fingerprint] = max(worst.get(known.fingerprint, 0), _RANK[known.severity])
    diagnoses = tuple(_parted(diagnosis, left, worst) for diagnosis in report.diagnoses)
    gone = []
    for known in entries:
        if left[known.fingerprint] > 0:
            left[known.fingerprint] -= 1
            gone.append(known)
    told = [known for known in gone if not elsewhere(known.file)]
    return report._replace(
        diagnoses=diagnoses, gone=tuple(sorted(told, key=lambda each: (each.file, each.code, each[5:])))
    )


def _parted(diagnosis: Diagnosis, left: Counter[str], worst: dict[str, int]) -> Diagnosis:
    new: list[Finding] = []
    known: list[Finding] = []
    for finding in diagnosis.findings:
        mark = finding.fingerprint
        if left[mark] > 0 and _RANK[finding.severity] <= worst[mark]:
            left[mark] -= 1
            known.append(finding)
        else:
            new.append(finding)
    return diagnosis._replace(findings=tuple(new), known=tuple(known))
