"""`handoffmap questions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from handoffmap.cli.checking import diagnose_as_settled
from handoffmap.cli.exit_codes import exit_code
from handoffmap.cli.options import Command, form_option, output_option, with_option
from handoffmap.cli.policy import settle, telling_options
from handoffmap.cli.printing import deliver
from handoffmap.cli.targets import free_to_write

if TYPE_CHECKING:
    from handoffmap.cli.policy import Asked

__all__ = ["command"]


@click.command("questions", cls=Command)
@click.argument("path")
@with_option
@form_option("--format", "text", "json", "md")
@output_option
@telling_options
def command(path: str, overlays: tuple[str, ...], form: str, target: str | None, asked: Asked) -> int:
    """List what has to be asked, the most telling question first."""
    from handoffmap.telling.question_list import render_questions

    settled = settle(asked)
    checked, diagnosis = diagnose_as_settled(path, overlays, settled)
    free_to_write([target], checked.sources)
    deliver(render_questions(diagnosis, form), target)
    return exit_code(checked, settled.gate)
