"""The open questions of one topology as a list to take into a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.lived_with import only_waived
from handoffmap.telling.named import name_of
from handoffmap.telling.sanitize import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import Question

__all__ = ["markdown_safe", "render_questions"]


def render_questions(diagnosis: Diagnosis, form: str) -> str:
    """Tell all questions in their order of rank; `form` is `text`, `json` or `md`."""
    if form == "json":
        from handoffmap.telling.json_v1 import render_questions_json

        return render_questions_json([diagnosis])
    return _markdown(diagnosis) if form == "md" else _text(diagnosis)


def _text(diagnosis: Diagnosis) -> str:
    file = visible(name_of(diagnosis))
    if not diagnosis.questions:
        return f"No open questions about {file}: every fact that a verdict hangs on is stated.\n"
    lines = [f"{_count(len(diagnosis.questions), 'open question')} about {file}, the most telling first:", ""]
    waived = only_waived(diagnosis)
    for number, question in enumerate(diagnosis.questions, 1):
        lines.append(f"{number:3}. {visible(question.ask)}")
        lines += (f"     {label:8} {visible(fact)}" for label, fact in _facts(question))
        if question.id in waived:
            lines.append(f"     waived   all that hangs on it, until {visible(waived[question.id])}")
    if any(question.worth is not None for question in diagnosis.questions):
        lines += ["", f"Worth: what the answer touches. {visible(diagnosis.costs.label)}"]
    return "\n".join((*lines, ""))


def _facts(question: Question) -> Iterable[tuple[str, str]]:
    yield "ask", question.owner or "nobody yet: no owner is stated"
    yield "fills in", f"{question.fact} of {question.subject}"
    if question.settles:
        yield "settles", ", ".join(map(str, question.settles))
    if question.worth is not None:
        yield "worth", f"{float(question.worth):,.0f} per 1,000 orders"
    yield "place", f"{question.location.file}:{question.location.line}:{question.location.column}"


def _markdown(diagnosis: Diagnosis) -> str:
    """By owner, as they are asked; the numbers keep the rank."""
    lines = [f"# Open questions: {markdown_safe(diagnosis.topology.name or name_of(diagnosis))}", ""]
    if not diagnosis.questions:
        lines.append("None: every fact that a verdict hangs on is stated.")
    waived = only_waived(diagnosis)
    by_owner: dict[str | None, list[tuple[int, Question]]] = {}
    for number, question in enumerate(diagnosis.questions, 1):
        by_owner.setdefault(question.owner, []).append((number, question))
    for owner, asked in by_owner.items():
        lines += [f"## {markdown_safe(owner) if owner else 'No owner stated'}", ""]
        for number, question in asked:
            fills = f"{question.fact} of {question.subject}"
            place = f"{question.location.file}:{question.location.line}"
            lines.append(f"- [ ] **{number}.** {markdown_safe(question.ask)}  ")
            until = f"; all that hangs on it is waived until {waived[question.id]}" if question.id in waived else ""
            lines.append(f"  fills in {markdown_safe(fills)} ({markdown_safe(place)}){markdown_safe(until)}")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


_MARKUP = {ord(mark): f"\\{mark}" for mark in "\\`*_{}[]()#+|~!$@:"} | {
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord("&"): "&amp;",
}


def markdown_safe(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no HTML, no links or mentions that make themselves."""
    return visible(text).translate(_MARKUP)


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
