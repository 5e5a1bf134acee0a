"""`handoffmap rules`."""

from __future__ import annotations

import click

from handoffmap.cli.exit_codes import FINDINGS
from handoffmap.cli.options import Command, debug_option, form_option
from handoffmap.cli.policy import own_rules, settings_of, settings_options
from handoffmap.cli.printing import say, visible

__all__ = ["command"]


@click.group("rules", invoke_without_command=True, params=[debug_option()])
@form_option("--output-format", "text", "json")
@settings_options
@click.pass_context
def command(context: click.Context, form: str, config: str | None, isolated: bool) -> int:
    """List all rules, or run the examples of your own."""
    if context.invoked_subcommand is not None:
        return 0
    from handoffmap.rules import all_rules
    from handoffmap.telling.explain import render_rules

    own_rules(settings_of(config, isolated=isolated), plugins=not isolated)
    say(render_rules(all_rules(), form))
    return 0


@command.command("test", cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def test(files: tuple[str, ...]) -> int:
    """Run the examples of rules written as data: what is `flagged` must be, what is `silent` must not."""
    from handoffmap.own.declared import read_rules
    from handoffmap.own.examples import failures
    from handoffmap.text.source import Source

    told, rules = [], 0
    for file in files:
        for declared in read_rules(Source.read(file)):
            rules += 1
            told += [
                f"{visible(file)}: {declared.rule.code} {declared.rule.slug}: {visible(why)}\n"
                for why in failures(declared)
            ]
    say("".join(told) or f"{rules} rule{'' if rules == 1 else 's'}: every example is as it says\n")
    return FINDINGS if told else 0
