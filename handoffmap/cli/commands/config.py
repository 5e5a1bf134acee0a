"""`handoffmap config`."""

from __future__ import annotations

import click

from handoffmap.cli.options import Command, debug_option, form_option
from handoffmap.cli.policy import settings_of, settings_options
from handoffmap.cli.printing import say

__all__ = ["command"]


@click.group("config", params=[debug_option()])
def command() -> None:
    """Show the settings that hold here."""


@command.command("show", cls=Command)
@settings_options
@form_option("--output-format", "text", "json")
def show(config: str | None, isolated: bool, form: str) -> int:
    """List every setting with its value, and say which file it is from."""
    from handoffmap.telling.settings_list import render_settings

    say(render_settings(settings_of(config, isolated=isolated), form))
    return 0
