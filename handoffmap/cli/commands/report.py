"""`handoffmap report`."""

from __future__ import annotations

import click

from handoffmap.cli.checking import diagnose
from handoffmap.cli.exit_codes import exit_code
from handoffmap.cli.options import Command, fail_on_option, output_option, with_option
from handoffmap.cli.printing import deliver
from handoffmap.cli.targets import form_by_ending, free_to_write, stem
from handoffmap.policy.gate import Gate

__all__ = ["command"]


@click.command("report", cls=Command)
@click.argument("path")
@with_option
@output_option
@click.option("--format", "form", type=click.Choice(["html", "md"]), help="Default: as FILE ends, else html.")
@fail_on_option("never")
def command(
    path: str, overlays: tuple[str, ...], target: str | None, form: str | None, fail_on: str, strict: bool
) -> int:
    """Write the gap report of one topology and print where it is."""
    from handoffmap.prove import MOST_CELLS, prove

    checked, diagnosis = diagnose(path, overlays)
    if len(diagnosis.verdicts) <= MOST_CELLS:
        diagnosis = diagnosis._replace(proved=prove(diagnosis))
    free_to_write([target], checked.sources)
    form = form or form_by_ending(target, {"html": "html", "htm": "html", "md": "md", "markdown": "md"})
    target = target or f"{stem(diagnosis.file)}.report.{form}"
    if form == "html":
        from handoffmap.telling.html import render_html

        told = render_html(diagnosis)
    else:
        from handoffmap.telling.markdown import render_markdown

        told = render_markdown(diagnosis)
    deliver(told, target)
    return exit_code(checked, Gate(fail_on, strict))
