"""The names of the forms in which a run and a difference are told; each is imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffmap.diagnosis import Report
    from handoffmap.difference import Difference

__all__ = ["render", "render_difference"]


def render(report: Report, form: str, *, colour: bool = False, verbose: bool = False) -> str:
    """Tell a run in a form (`text`, `concise`, `json`); colour and length matter to `text` only.

    Raises `LookupError` for a form that is not there.
    """
    if form == "text":
        from handoffmap.telling.text import render_text

        return render_text(report, colour=colour, verbose=verbose)
    if form == "concise":
        from handoffmap.telling.concise import render_concise

        return render_concise(report)
    if form == "json":
        from handoffmap.telling.json_v1 import render_json

        return render_json(report)
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
