"""The fix plan of one topology: for a terminal, as Markdown for a ticket, as JSON for a machine."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.remedy.effort import EFFORT_LABEL
from handoffmap.telling.asides import say_waived
from handoffmap.telling.question_list import markdown_safe
from handoffmap.telling.sanitize import visible
from handoffmap.telling.wording import count, money_range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.finding import Finding
    from handoffmap.priorities.estimate import Costs
    from handoffmap.remedy.plan import Plan, Step

__all__ = ["render_plan"]


def render_plan(plan: Plan, form: str) -> str:
    """Tell the plan; `form` is `text`, `json` or `markdown`."""
    if form == "json":
        from handoffmap.telling.fix_plan_json import render_plan_json

        return render_plan_json(plan)
    return _markdown(plan) if form == "markdown" else _text(plan)


# -- for a terminal ------------------------------------------------------------------------------------------


def _text(plan: Plan) -> str:
    lines = [f"Fix plan for {visible(plan.start.file)}: {_summary(plan)}", ""]
    for number, step in enumerate(plan.steps, 1):
        lines.append(f"{number:3}. {visible(_clears(step))}")
        lines += (f"     {label:8} {visible(fact)}" for label, fact in _facts(step))
        for change in step.difference.changes:
            lines.append(f"     {visible(f'{change.file}:{change.line}')}")
            lines += (f"       - {visible(line)}".rstrip() for line in change.gone)
            lines += (f"       + {visible(line)}".rstrip() for line in change.come)
        lines.append("")
    if plan.left:
        lines.append("Left, because no change of facts clears it:")
        for finding, why in plan.left:
            lines.append(f"  {finding.severity} {finding.code} {finding.slug}: {visible(finding.message)}")
            lines.append(f"     {visible(why)}")
        lines.append("")
    if plan.waived:
        lines += ["Waived, so that nothing is planned for it:", *(f"  {say_waived(each)}" for each in plan.waived), ""]
    lines += (visible(line) for line in _ending(plan))
    return "\n".join((*lines, ""))


def _facts(step: Step) -> Iterator[tuple[str, str]]:
    if step.mends:
        yield "rights", ", ".join(map(str, step.mends))
    yield "effort", days(step.effort)
    if step.before.total != step.after.total:
        yield "cost", f"{_cost(step.before)} before, {_cost(step.after)} after, per 1,000 orders"
    yield "left", f"{count(step.left, 'confirmed finding')}, {count(step.drifting, 'drifting cell')}"


# -- for a ticket --------------------------------------------------------------------------------------------


def _markdown(plan: Plan) -> str:
    name = plan.start.topology.name or plan.start.file
    lines = [f"# Fix plan: {markdown_safe(name)}", "", markdown_safe(_summary(plan)), ""]
    if plan.steps:
        lines += ["| | clears | makes right | effort | cost afterwards | left |", "|---|---|---|---|---|---|"]
        for number, step in enumerate(plan.steps, 1):
            rights = ", ".join(map(str, step.mends))
            cells = (_clears(step), rights, days(step.effort), _cost(step.after), str(step.left))
            lines.append(f"| {number} | {' | '.join(map(markdown_safe, cells))} |")
        lines.append("")
    for number, step in enumerate(plan.steps, 1):
        lines += [f"## {number}. {markdown_safe(_clears(step))}", ""]
        lines += (f"- {label}: {markdown_safe(fact)}" for label, fact in _facts(step))
        lines.append("")
        fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", step.difference.patch)), default=0))
        lines += [
            f"{fence}diff",
            *(visible(line) for line in step.difference.patch.rstrip("\n").split("\n")),
            fence,
            "",
        ]
    if plan.left:
        lines += ["## Left", ""]
        for finding, why in plan.left:
            lines.append(f"- {markdown_safe(f'{finding.code} {finding.slug}: {finding.message}')}  ")
            lines.append(f"  {markdown_safe(why)}")
        lines.append("")
    if plan.waived:
        lines += ["## Waived", "", *(f"- {markdown_safe(say_waived(each))}" for each in plan.waived), ""]
    lines += (markdown_safe(line) for line in _ending(plan))
    return "\n".join(lines).rstrip("\n") + "\n"


# -- what both say -------------------------------------------------------------------------------------------


def _summary(plan: Plan) -> str:
    found = plan.found
    if not found:
        but = " but what is waived" if plan.waived else ""
        return f"nothing is confirmed{but}, so there is nothing to mend."
    cleared = found - len(plan.left)
    effort = sum((step.effort for step in plan.steps), start=Fraction(0))
    steps = f"{count(len(plan.steps), 'step')} for {count(found, 'confirmed finding')}, {days(effort)}"
    return f"{steps}; {cleared:,} cleared, {len(plan.left):,} left."


def _clears(step: Step) -> str:
    """The findings by rule, each with what it is about, the same ones counted."""
    told: dict[str, list[str]] = {}
    for finding in step.clears:
        told.setdefault(f"{finding.code} {finding.slug}", []).append(_about(finding))
    return "; ".join(f"{rule} of {', '.join(dict.fromkeys(subjects))}" for rule, subjects in told.items())


def _about(finding: Finding) -> str:
    subject = finding.subject
    if subject.write_path is not None or subject.control is not None:
        return subject.write_path or subject.control or ""
    return str(subject._replace(event=None)) if subject.system or subject.quantity else str(subject)


def days(effort: Fraction) -> str:
    """`1 person-day`, `3.5 person-days`."""
    return f"{float(effort):g} person-day{'' if effort == 1 else 's'}"


def _cost(costs: Costs) -> str:
    return "nothing" if costs.total is None else money_range(costs.total, costs)


def _ending(plan: Plan) -> Iterator[str]:
    lived_with = {each.finding.fingerprint for each in plan.waived}
    asks = sum(
        finding.confidence != "confirmed" and finding.fingerprint not in lived_with for finding in plan.end.findings
    )
    if asks:
        yield f"{count(asks, 'finding')} will still hang on a question; `handoffmap questions` lists what to ask."
    if plan.steps:
        if not plan.exact:
            yield "The map is large: a cheaper set of the same remedies may exist."
        yield f"{EFFORT_LABEL}."
        yield f"Cost: {plan.start.costs.label}."
