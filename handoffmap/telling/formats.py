"""The names of the forms in which `check` tells a run; each is imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffmap.finding import Report

__all__ = ["render"]


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
