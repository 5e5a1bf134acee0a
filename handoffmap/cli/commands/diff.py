"""`handoffmap diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from handoffmap.cli.checking import check, only_diagnoses, read_once, standard_input
from handoffmap.cli.exit_codes import FINDINGS
from handoffmap.cli.options import Command, color_option, form_option, output_option, with_option
from handoffmap.cli.policy import settle, telling_options
from handoffmap.cli.printing import colour_wanted, deliver
from handoffmap.cli.targets import free_to_write

if TYPE_CHECKING:
    from handoffmap.cli.policy import Asked

__all__ = ["command"]


@click.command("diff", cls=Command)
@click.argument("old")
@click.argument("new", required=False)
@with_option
@form_option("--output-format", "text", "markdown", "json")
@output_option
@telling_options
@color_option
def command(
    old: str,
    new: str | None,
    overlays: tuple[str, ...],
    form: str,
    target: str | None,
    asked: Asked,
    color: str,
) -> int:
    """Tell what differs in meaning between two topologies, or what an overlay opens and closes.

    NEW is OLD itself if it is left out; --with lays over NEW.
    """
    if new is None and not overlays:
        raise click.UsageError("Name a second topology, or what to lay over this one (--with).")
    settled = settle(asked).without_baseline()
    from handoffmap.difference import compare
    from handoffmap.telling.formats import render_difference

    read_once(old, *([] if new is None else [new]), *overlays)
    new = old if new is None else new
    stdin = standard_input(old, new, *overlays)
    before = check([old], stdin=stdin)
    after = check([new], overlays, stdin)
    only_diagnoses((old, before), (new, after))
    before, after = settled.applied(before, [old]), settled.applied(after, [new], overlays)
    difference = compare(before.diagnoses[0], after.diagnoses[0])
    free_to_write([target], {**before.sources, **after.sources})
    deliver(render_difference(difference, form, colour=colour_wanted(color) and target in {None, "-"}), target)
    return FINDINGS if difference.worse(settled.gate.failing, undetermined=settled.gate.strict) else 0
