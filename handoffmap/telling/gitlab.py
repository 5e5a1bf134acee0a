"""A run as GitLab's Code Quality report: an array of findings, each with a fingerprint of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from handoffmap.telling.everything import told_findings

if TYPE_CHECKING:
    from handoffmap.diagnosis import Report
    from handoffmap.finding import Finding

__all__ = ["render_gitlab"]

_SEVERITY = {"error": "critical", "warning": "major", "note": "minor"}
"""Ours -> GitLab's; a finding that hangs on a question is `info`."""


def render_gitlab(report: Report) -> str:
    """Tell a whole run; of findings alike in one file GitLab would keep one, so that each print is made unique."""
    seen: dict[str, int] = {}
    entries = []
    for finding in told_findings(report):
        known = f"{finding.location.file}:{finding.fingerprint}"
        seen[known] = seen.get(known, 0) + 1
        entries.append(_entry(finding, seen[known]))
    return json.dumps(entries, indent=1) + "\n"


def _entry(finding: Finding, which: int) -> dict[str, object]:
    place = finding.location
    confirmed = finding.confidence == "confirmed"
    hangs = "" if confirmed else f" (hangs on {', '.join(finding.asks)})"
    return {
        "description": f"{finding.code} {finding.slug}: {finding.message}{hangs}",
        "check_name": f"{finding.code} {finding.slug}",
        "fingerprint": _fingerprint(finding, which),
        "severity": _SEVERITY[finding.severity] if confirmed else "info",
        "location": {
            "path": place.file.removeprefix("./"),
            "lines": {"begin": place.line, "end": place.end_line},
        },
    }


def _fingerprint(finding: Finding, which: int) -> str:
    """By meaning and file: the same when lines move, another one in another file."""
    from hashlib import blake2b

    text = f"{finding.location.file}\n{finding.fingerprint}\n{which}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
