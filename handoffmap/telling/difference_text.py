"""A difference for a person at a terminal: what opened first, what closed last, and the sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.changes import NOTHING, cost_lines, entry_lines, says, state, summed_up, word_of
from handoffmap.telling.named import name_of
from handoffmap.telling.pen import Pen
from handoffmap.telling.sanitize import visible
from handoffmap.telling.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.difference import CellChange, Difference, FindingChange
    from handoffmap.finding import Finding, Question
    from handoffmap.telling.pen import Role

__all__ = ["render_difference_text"]

_ROLES: dict[str, Role] = {"opened": "error", "worse": "error", "closed": "converges", "better": "converges"}
_WIDE = len("removed")
_WIDEST = 40
"""Columns that names of cells are padded to."""

_FIRST_QUESTIONS = 10


def render_difference_text(difference: Difference, *, colour: bool = False) -> str:
    """Tell what differs between two maps, and nothing of what is the same."""
    pen = Pen(colour=colour)
    old, new = visible(name_of(difference.old)), visible(name_of(difference.new))
    parts = [pen("strong", f"From {old} to {new}:") + "\n"]
    if difference.empty:
        return "".join((*parts, f"{NOTHING}\n"))
    parts += filter(None, ("".join(part(difference, pen)) for part in (_entries, _cells, _findings, _questions, _sums)))
    parts.append(summed_up(difference) + "\n")
    return "\n".join(parts)


def _word(word: str, pen: Pen) -> str:
    return pen(_ROLES.get(word, "note"), word) + " " * (_WIDE - len(word))


def _entries(difference: Difference, pen: Pen) -> Iterator[str]:
    for word, what, names in entry_lines(difference):
        yield f"  {_word(word, pen)} {what}: {visible(', '.join(names))}\n"


def _cells(difference: Difference, pen: Pen) -> Iterator[str]:
    if difference.verdicts:
        wide = min(_WIDEST, max(len(visible(str(change.cell))) for change in difference.verdicts))
        yield pen("strong", "Cells:") + "\n"
        yield from (_cell(change, wide, pen) for change in difference.verdicts)


def _cell(change: CellChange, wide: int, pen: Pen) -> str:
    turned = f"{state(change.old)} -> {state(change.new)}"
    return f"  {_word(word_of(change), pen)} {visible(str(change.cell)):{wide}}  {turned}\n"


def _findings(difference: Difference, pen: Pen) -> Iterator[str]:
    if difference.findings:
        yield pen("strong", "Findings:") + "\n"
        yield from (_finding(change, pen) for change in difference.findings)


def _finding(change: FindingChange, pen: Pen) -> str:
    indent = " " * (_WIDE + 3)
    finding = change.finding
    lines = [f"  {_word(word_of(change), pen)} {_head(finding, pen)}"]
    lines += (f"{indent}{visible(line)}" for line in says(change))
    place = finding.location
    lines.append(f"{indent}{pen('frame', '-->')} {visible(place.file)}:{place.line}:{place.column}")
    return "\n".join((*lines, ""))


def _head(finding: Finding, pen: Pen) -> str:
    sure = finding.confidence == "confirmed"
    role: Role = finding.severity if sure else "undetermined"
    proviso = "" if sure else f" ({finding.severity} if it proves true)"
    return f"{pen(role, role)} {finding.code} {finding.slug}{proviso}: {visible(finding.message)}"


def _questions(difference: Difference, pen: Pen) -> Iterator[str]:
    sides = (("opened", difference.opened_questions), ("closed", difference.closed_questions))
    if any(asked for _, asked in sides):
        yield pen("strong", "Questions:") + "\n"
    for word, asked in sides:
        for question in asked[:_FIRST_QUESTIONS]:
            yield f"  {_word(word, pen)} {_question(question)}\n"
        if len(asked) > _FIRST_QUESTIONS:
            others = count(len(asked) - _FIRST_QUESTIONS, "more", "more")
            yield f"  {_word(word, pen)} {others}; --output-format json lists them all\n"


def _question(question: Question) -> str:
    return visible(question.ask) + (f" (ask {visible(question.owner)})" if question.owner else "")


def _sums(difference: Difference, pen: Pen) -> Iterator[str]:
    if difference.scorecard:
        yield pen("strong", "The three controls:") + "\n"
        for control, old, new in difference.scorecard:
            yield f"  {control}: {old or 'not judged'} -> {new or 'not judged'}\n"
    if difference.costs is not None:
        yield pen("strong", "Estimated cost of drift:") + "\n"
        yield from (f"  {visible(line)}\n" for line in cost_lines(difference))
