"""`handoffmap rules`."""

from __future__ import annotations

import click

from handoffmap.cli.options import Command, form_option
from handoffmap.cli.printing import say

__all__ = ["command"]


@click.command("rules", cls=Command)
@form_option("--output-format", "text", "json")
def command(form: str) -> int:
    """List all rules."""
    from handoffmap.rules import all_rules
    from handoffmap.telling.explain import render_rules

    say(render_rules(all_rules(), form))
    return 0
