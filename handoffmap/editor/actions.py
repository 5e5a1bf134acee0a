"""Quick fixes of a finding: the word that was meant, a waiver that can go, and remedies that were tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.editing.fixes import applied, fixes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.editor.book import Book
    from handoffmap.finding import Finding

__all__ = ["Action", "actions_at"]

_MOST_CELLS = 300
"""Cells up to which remedies are tried while somebody waits."""
_LONGEST = 100
"""Characters of a title."""


class Action(NamedTuple):
    """One change that is offered."""

    title: str
    texts: tuple[tuple[str, str], ...]
    """(file, its whole text afterwards) for each file that changes."""
    finding: Finding
    preferred: bool = False


def actions_at(book: Book, first: int, last: int) -> list[Action]:
    """What is offered for the findings on the lines `first` to `last`, from 0."""
    found: list[Action] = []
    for finding in book.findings:
        if finding.location.line - 1 <= last and finding.location.end_line - 1 >= first:
            found += _words(book, finding)
            found += _remedies(book, finding)
    return found


def _words(book: Book, finding: Finding) -> Iterator[Action]:
    """The word that was meant, and a waiver that can go."""
    for fix in fixes_of(book.report):
        if fix.location != finding.location:
            continue
        text, made = applied(book.source, [fix])
        if not made and fix.replacement:
            text = _replaced(
                book.source.text, fix.location.line, fix.location.column, fix.location.end_column, fix.replacement
            )
        if text != book.source.text:
            title = f"Write `{fix.replacement}`" if fix.replacement else "Take the waiver out"
            yield Action(title, ((book.path, text),), finding, preferred=True)


def _replaced(text: str, line: int, column: int, end: int, word: str) -> str:
    lines = text.split("\n")
    lines[line - 1] = lines[line - 1][: column - 1] + word + lines[line - 1][end - 1 :]
    return "\n".join(lines)


def _remedies(book: Book, finding: Finding) -> Iterator[Action]:
    """Changes of declared facts that were applied and judged: with each of them the finding is gone."""
    if finding.confidence != "confirmed" or finding.drift is None:
        return
    from handoffmap.remedy.draft import Draft
    from handoffmap.remedy.offer import offers
    from handoffmap.remedy.trial import Bench

    for diagnosis in book.report.diagnoses:
        if finding not in diagnosis.findings or len(diagnosis.verdicts) > _MOST_CELLS:
            continue
        for remedy in offers(Bench(Draft(diagnosis.topology, diagnosis)), finding):
            yield Action(_title("; ".join(map(str, remedy.edits))), remedy.difference.texts, finding)


def _title(says: str) -> str:
    """What fits into a line of a menu."""
    return says if len(says) <= _LONGEST else f"{says[: _LONGEST - 1].rstrip(' ,;:{')}…"
