"""What can be mended without asking: words that the vocabulary writes otherwise, and waivers that nothing needs.

A fix is safe where nobody could have meant anything else. What is only likely is shown and not done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.editing.meaning import same_meaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoffmap.diagnosis import Report
    from handoffmap.finding import Finding
    from handoffmap.text.source import Location, Source

__all__ = ["Fix", "applied", "fixes_of"]

_WORDS = frozenset({"unknown-word", "unknown-key", "dangling-reference"})
_UNUSED = frozenset({"unused-waiver"})


class Fix(NamedTuple):
    """One change of a file."""

    location: Location
    """What is replaced; for a waiver, where it stands."""
    replacement: str
    """The word that takes its place; empty: the waiver goes."""
    says: str
    safe: bool


def fixes_of(report: Report) -> tuple[Fix, ...]:
    """Every fix that the findings of a run have, in the order of the files."""
    found = [fix for problem in report.problems for fix in _of_word(problem)]
    found += [
        Fix(finding.location, "", f"take the waiver out: {finding.message}", safe=True)
        for diagnosis in report.diagnoses
        for finding in diagnosis.findings
        if finding.slug in _UNUSED
    ]
    return tuple(sorted(found, key=lambda fix: (fix.location, fix.replacement)))


def _of_word(problem: Finding) -> Iterator[Fix]:
    """A word that was meant is safe to write where only its case and its dashes are another's."""
    if problem.suggestion is None or problem.slug not in _WORDS or problem.location.line != problem.location.end_line:
        return
    says = f"write `{problem.suggestion}`: {problem.message}"
    yield Fix(problem.location, problem.suggestion, says, safe=problem.slug != "dangling-reference")


def applied(source: Source, fixes: Iterable[Fix]) -> tuple[str, tuple[Fix, ...]]:
    """The text of a file with its safe fixes, and those that were made; none where lone returns end lines."""
    if "\r" in source.text.replace("\r\n", ""):
        return source.text, ()
    lines = source.text.split("\n")
    made: list[Fix] = []
    for fix in sorted((fix for fix in fixes if fix.location.file == source.name), reverse=True):
        done = _word(lines, fix) if fix.replacement else _waiver(lines, fix)
        if done:
            made.append(fix)
    return "\n".join(lines), tuple(reversed(made))


def _word(lines: list[str], fix: Fix) -> bool:
    """Replace a word, if all that differs is how it is written."""
    number, start, end = fix.location.line - 1, fix.location.column - 1, fix.location.end_column - 1
    line = lines[number]
    written = line[start:end]
    bare = written.strip("\"'")
    if not fix.safe or _letters(bare) != _letters(fix.replacement):
        return False
    lines[number] = line[:start] + written.replace(bare, fix.replacement) + line[end:]
    return True


def _letters(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())


def _waiver(lines: list[str], fix: Fix) -> bool:
    """Take a waiver out: a comment, or an entry of the list with all its lines."""
    number = fix.location.line - 1
    line = lines[number]
    mark = line.find("# handoffmap:", max(0, fix.location.column - 2))
    if mark >= 0 and "allow[" in line[mark:]:
        rest = line[:mark].rstrip()
        lines[number : number + 1] = [rest] if rest else []
        return True
    first = number
    while first >= 0 and not lines[first].lstrip().startswith("- "):
        first -= 1
    if first < 0:
        return False
    depth = len(lines[first]) - len(lines[first].lstrip(" "))
    last = first + 1
    while last < len(lines) and lines[last].strip() and len(lines[last]) - len(lines[last].lstrip(" ")) > depth:
        last += 1
    above = "\n".join(lines)
    left = [*lines[:first], *lines[last:]]
    if _lists_nothing(left, first):
        left[first - 1] = f"{left[first - 1].rstrip()} []"
    if same_meaning(above, "\n".join(left)):
        return False
    lines[:] = left
    return True


def _lists_nothing(lines: list[str], at: int) -> bool:
    """Whether the list that an entry was taken out of has none left."""
    return (
        at > 0
        and lines[at - 1].startswith("waivers:")
        and not (at < len(lines) and lines[at].lstrip().startswith("- "))
    )
