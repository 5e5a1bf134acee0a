"""A difference as a comment on a pull request: GitHub-flavoured Markdown, the details folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.changes import (
    NOTHING,
    cost_lines,
    counted,
    entry_lines,
    says,
    state,
    summed_up,
    word_of,
)
from handoffmap.telling.markup import code, plain, prose
from handoffmap.telling.named import name_of
from handoffmap.telling.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoffmap.difference import Difference, FindingChange
    from handoffmap.finding import Question

__all__ = ["render_difference_markdown"]

_MOST_ROWS = 50
"""Rows of one table: a comment of more than 65,536 characters is refused by GitHub, and read by nobody."""


def render_difference_markdown(difference: Difference) -> str:
    """Tell what differs between two maps; names from the files stay text wherever they stand."""
    names = f"From {code(name_of(difference.old))} to {code(name_of(difference.new))}"
    if difference.empty:
        return f"### What this changes: nothing\n\n{names}: {plain(_lower(NOTHING))}\n"
    lines = [f"### What this changes: {_headline(difference)}", "", f"{names}: {plain(summed_up(difference))}.", ""]
    for part in (_entries, _cells, _findings, _questions, _sums):
        lines += part(difference)
    return "\n".join(lines).rstrip("\n") + "\n"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _headline(difference: Difference) -> str:
    """What somebody who reads one line has to know: is anything worse."""
    cells = sum(change.trend == "worse" for change in difference.verdicts)
    findings = sum(change.trend == "worse" for change in difference.findings)
    worse = [count(number, word) for number, word in ((cells, "cell"), (findings, "finding")) if number]
    if worse:
        return f"{' and '.join(worse)} opened or worse"
    better = any(one.trend == "better" for one in difference.verdicts) or any(
        one.trend == "better" for one in difference.findings
    )
    return "nothing opened, and something closed or better" if better else "nothing opened"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    yield from (f"| {' | '.join(row)} |" for row in rows[:_MOST_ROWS])
    if len(rows) > _MOST_ROWS:
        yield ""
        yield f"and {len(rows) - _MOST_ROWS:,} more"
    yield ""


def _marked(word: str) -> str:
    return f"**{word}**" if word in {"opened", "worse"} else word


def _entries(difference: Difference) -> Iterator[str]:
    for word, what, names in entry_lines(difference):
        shown = ", ".join(code(name) for name in names[:_MOST_ROWS])
        more = f" and {len(names) - _MOST_ROWS:,} more" if len(names) > _MOST_ROWS else ""
        yield f"- {word} {what}: {shown}{more}"
    if difference.entries:
        yield ""


def _cells(difference: Difference) -> Iterator[str]:
    if difference.verdicts:
        rows = [
            (_marked(word_of(change)), code(str(change.cell)), plain(state(change.old)), plain(state(change.new)))
            for change in difference.verdicts
        ]
        yield from _table(("", "cell", "before", "now"), rows)


def _findings(difference: Difference) -> Iterator[str]:
    """The confirmed ones that are worse in the open, the others folded."""
    worse = [one for one in difference.findings if one.trend == "worse" and one.finding.confidence == "confirmed"]
    hanging = [one for one in difference.findings if one.trend == "worse" and one.finding.confidence != "confirmed"]
    others = [one for one in difference.findings if one.trend != "worse"]
    if worse:
        yield from _table(("", "rule", "what", "where"), [_finding(change) for change in worse])
    for title, changes in (
        (f"{count(len(hanging), 'finding')} opened that hang{'' if len(hanging) > 1 else 's'} on a question", hanging),
        (counted(others, "finding"), others),
    ):
        if changes:
            yield from _folded(title, _table(("", "rule", "what", "where"), [_finding(change) for change in changes]))


def _finding(change: FindingChange) -> tuple[str, str, str, str]:
    finding = change.finding
    grade = finding.severity if finding.confidence == "confirmed" else f"{finding.severity} if it proves true"
    what = "; ".join((prose(finding.message), *(plain(line.replace(" -> ", " → ")) for line in says(change))))
    place = f"{finding.location.file}:{finding.location.line}"
    return _marked(word_of(change)), f"{code(f'{finding.code} {finding.slug}')} {grade}", what, code(place)


def _folded(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield from lines
    yield "</details>"
    yield ""


def _questions(difference: Difference) -> Iterator[str]:
    for word, asked in (("opened", difference.opened_questions), ("closed", difference.closed_questions)):
        if asked:
            yield from _folded(f"{count(len(asked), 'question')} {word}", _asked(asked))


def _asked(asked: Sequence[Question]) -> Iterator[str]:
    for question in asked[:_MOST_ROWS]:
        owner = f" (ask {plain(question.owner)})" if question.owner else ""
        yield f"- {plain(question.ask)}{owner}"
    if len(asked) > _MOST_ROWS:
        yield f"- and {len(asked) - _MOST_ROWS:,} more"
    yield ""


def _sums(difference: Difference) -> Iterator[str]:
    for control, old, new in difference.scorecard:
        yield f"- {plain(control)}: {old or 'not judged'} → {new or 'not judged'}"
    lines = list(cost_lines(difference))
    if lines:
        yield f"- estimated cost of drift {plain('; '.join(lines[:-1]).replace(' -> ', ' → '))}"
        yield ""
        yield f"> {plain(lines[-1])}"
