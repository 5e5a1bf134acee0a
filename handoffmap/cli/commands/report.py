"""`handoffmap report`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from handoffmap.cli.checking import diagnose_as_settled
from handoffmap.cli.exit_codes import exit_code
from handoffmap.cli.options import Command, output_option, with_option
from handoffmap.cli.policy import settle, telling_options
from handoffmap.cli.printing import deliver
from handoffmap.cli.targets import form_by_ending, free_to_write, stem

if TYPE_CHECKING:
    from handoffmap.cli.policy import Asked
    from handoffmap.diagnosis import Diagnosis

__all__ = ["command"]


@click.command("report", cls=Command)
@click.argument("path")
@with_option
@output_option
@click.option("--format", "form", type=click.Choice(["html", "md"]), help="Default: as FILE ends, else html.")
@telling_options
def command(path: str, overlays: tuple[str, ...], target: str | None, form: str | None, asked: Asked) -> int:
    """Write the gap report of one topology and print where it is."""
    settled = settle(asked)
    checked, diagnosis = diagnose_as_settled(path, overlays, settled, _proved)
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
    return exit_code(checked, settled.gate)


def _proved(diagnosis: Diagnosis) -> Diagnosis:
    """The diagnosis with its runs; of a map that is too large to be asked for them, as it is."""
    from handoffmap.prove import MOST_CELLS, prove

    return diagnosis if len(diagnosis.verdicts) > MOST_CELLS else diagnosis._replace(proved=prove(diagnosis))
