"""`handoffmap explain`."""

from __future__ import annotations

import click

from handoffmap.cli.options import Command
from handoffmap.cli.printing import did_you_mean, say

__all__ = ["command"]


@click.command("explain", cls=Command)
@click.argument("rule")
def command(rule: str) -> int:
    """Explain a rule, named by its code or its slug."""
    from handoffmap.rules import all_rules, find_rule
    from handoffmap.telling.explain import render_rule

    found = find_rule(rule)
    if found is None:
        names = [name for one in all_rules() for name in (one.code, one.slug)]
        raise click.ClickException(f"There is no rule {rule!r}.{did_you_mean(rule, names)}")
    say(render_rule(found))
    return 0
