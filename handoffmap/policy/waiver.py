"""What a waiver is: which findings somebody has decided to live with, why, and until when."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from handoffmap.finding import Finding
    from handoffmap.text.source import Location

__all__ = ["Waived", "Waiver", "names_of"]


class Waiver(NamedTuple):
    """One waiver, listed in the file or said in a comment."""

    rules: tuple[str, ...]
    """Codes, slugs, prefixes or ranges, as written."""
    location: Location
    reason: str | None
    until: str | None
    """The last day on which it holds, as written (`2027-03-31`)."""
    subject: str | None = None
    """A pattern with `*` and `?` for what a finding is about; None: what stands at `lines`."""
    lines: range = range(0)
    """The lines that a comment covers: its own, and those of the entry that begins there or below it."""
    owner: str | None = None
    ticket: str | None = None

    @property
    def told(self) -> str:
        """The rules, as written."""
        return ", ".join(self.rules) or "no rule"

    def covers(self, finding: Finding) -> bool:
        """Whether a finding of its rules is meant: by its subject, or by where it or what it touches stands."""
        if self.subject is not None:
            return any(fnmatchcase(name, self.subject) for name in names_of(finding))
        here = finding.location
        if here.file == self.location.file and here.line in self.lines:
            return True
        return any(
            related.location is not None
            and related.location.file == self.location.file
            and related.location.line == self.location.line
            for related in finding.related
        )


class Waived(NamedTuple):
    """A finding that is lived with."""

    finding: Finding
    waiver: Waiver
    days_left: int
    """Days until the end, the last one not counted: 0 on the last day."""


def names_of(finding: Finding) -> tuple[str, ...]:
    """By what a waiver may name what a finding is about."""
    subject = finding.subject
    parts = (subject.write_path, subject.control, subject.system, subject.event, subject.field)
    return tuple(dict.fromkeys((str(subject), *filter(None, parts), *map(str, finding.cells))))
