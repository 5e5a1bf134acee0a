"""`handoffmap questions`."""

from __future__ import annotations

import click

from handoffmap.cli.checking import diagnose
from handoffmap.cli.exit_codes import exit_code
from handoffmap.cli.options import Command, fail_on_option, form_option, output_option, with_option
from handoffmap.cli.printing import deliver
from handoffmap.cli.targets import free_to_write
from handoffmap.policy.gate import Gate

__all__ = ["command"]


@click.command("questions", cls=Command)
@click.argument("path")
@with_option
@form_option("--format", "text", "json", "md")
@output_option
@fail_on_option("never")
def command(path: str, overlays: tuple[str, ...], form: str, target: str | None, fail_on: str, strict: bool) -> int:
    """List what has to be asked, the most telling question first."""
    from handoffmap.telling.question_list import render_questions

    checked, diagnosis = diagnose(path, overlays)
    free_to_write([target], checked.sources)
    deliver(render_questions(diagnosis, form), target)
    return exit_code(checked, Gate(fail_on, strict))
