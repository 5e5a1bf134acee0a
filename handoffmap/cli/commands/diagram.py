"""`handoffmap diagram`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from handoffmap.cli.checking import diagnose_as_settled
from handoffmap.cli.exit_codes import exit_code
from handoffmap.cli.options import Command, output_option, with_option
from handoffmap.cli.policy import settle, telling_options
from handoffmap.cli.printing import deliver
from handoffmap.cli.targets import form_by_ending, free_to_write

if TYPE_CHECKING:
    from handoffmap.cli.policy import Asked

__all__ = ["command"]


@click.command("diagram", cls=Command)
@click.argument("path")
@with_option
@click.option(
    "--kind",
    type=click.Choice(["map", "event", "gap", "matrix"]),
    help="What to draw: the whole map (default), an event's way, a finding's neighbourhood, events by cells.",
)
@click.option("--event", metavar="EVENT", help="The event to follow (--kind event).")
@click.option("--finding", metavar="ID", help="The finding's fingerprint, code or slug (--kind gap).")
@click.option("--format", "form", type=click.Choice(["svg", "dot", "png"]), help="Default: as FILE ends, else svg.")
@output_option
@telling_options
def command(  # noqa: PLR0917 - click hands all of them over by name
    path: str,
    overlays: tuple[str, ...],
    kind: str | None,
    event: str | None,
    finding: str | None,
    form: str | None,
    target: str | None,
    asked: Asked,
) -> int:
    """Draw a topology; without -o the picture goes to standard output."""
    if kind is None:
        kind = "event" if event is not None else "gap" if finding is not None else "map"
    settled = settle(asked)
    checked, diagnosis = diagnose_as_settled(path, overlays, settled)
    free_to_write([target], checked.sources)
    form = form or form_by_ending(target, {"svg": "svg", "dot": "dot", "gv": "dot", "png": "png"})
    from handoffmap.telling.picture import draw_picture

    try:
        picture = draw_picture(diagnosis, kind, form, event=event, finding=finding)
    except LookupError as error:
        raise click.ClickException(str(error.args[0])) from None
    deliver(picture, target)
    return exit_code(checked, settled.gate)
