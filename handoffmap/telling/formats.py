"""The names of the forms in which a run and a difference are told; each is imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.policy.gate import Gate

if TYPE_CHECKING:
    from handoffmap.diagnosis import Report
    from handoffmap.difference import Difference

__all__ = ["Manner", "render", "render_difference"]


class Manner(NamedTuple):
    """How a run is told; most of it matters to some forms only."""

    gate: Gate = Gate()
    """What makes the run fail."""
    persona: str = "ci"
    """Who reads the text: `ci`, `architect` or `discovery`."""
    colour: bool = False
    verbose: bool = False
    statistics: bool = False
    """Whether the text ends with how often each rule speaks."""

    @property
    def lists_premises(self) -> bool:
        """Whether the text lists every cell's verdict with its premises."""
        return self.verbose or self.persona == "architect"


def render(report: Report, form: str, manner: Manner = Manner()) -> str:  # noqa: B008 - it cannot be changed
    """Tell a run in a form (`text`, `concise`, `json`, `sarif`, `junit`, `github`, `gitlab`, `markdown`).

    Raises `LookupError` for a form that is not there.
    """
    if form == "text":
        from handoffmap.telling.text import render_text

        return render_text(report, manner)
    if form == "concise":
        from handoffmap.telling.concise import render_concise

        return render_concise(report)
    if form == "json":
        from handoffmap.telling.json_v1 import render_json

        return render_json(report)
    if form == "sarif":
        from handoffmap.telling.sarif import render_sarif

        return render_sarif(report)
    if form == "junit":
        from handoffmap.telling.junit import render_junit

        return render_junit(report, manner.gate)
    if form == "github":
        from handoffmap.telling.github import render_github

        return render_github(report)
    if form == "gitlab":
        from handoffmap.telling.gitlab import render_gitlab

        return render_gitlab(report)
    if form == "markdown":
        from handoffmap.telling.comment import render_comment

        return render_comment(report, manner.gate)
    raise LookupError(form)


def render_difference(difference: Difference, form: str, *, colour: bool = False) -> str:
    """Tell a difference in a form (`text`, `markdown`, `json`); colour matters to `text` only.

    Raises `LookupError` for a form that is not there.
    """
    if form == "text":
        from handoffmap.telling.difference_text import render_difference_text

        return render_difference_text(difference, colour=colour)
    if form == "markdown":
        from handoffmap.telling.difference_markdown import render_difference_markdown

        return render_difference_markdown(difference)
    if form == "json":
        from handoffmap.telling.json_v1 import render_difference_json

        return render_difference_json(difference)
    raise LookupError(form)
