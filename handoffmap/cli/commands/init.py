"""`handoffmap init`."""

from __future__ import annotations

import os

import click

from handoffmap.cli.options import Command
from handoffmap.cli.printing import deliver, did_you_mean, say, visible

__all__ = ["command"]


@click.command("init", cls=Command)
@click.argument("name", required=False)
@click.option("-o", "--output", "target", type=click.Path(), metavar="FILE", help="Default: NAME.yaml.")
@click.option("--list", "listing", is_flag=True, help="List the bundled topologies.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it is there.")
def command(name: str | None, target: str | None, listing: bool, force: bool) -> int:
    """Start a topology: a copy of the bundled one called NAME, or an empty one with comments."""
    from handoffmap.cli.starter import bundled, list_bundled, starter

    if listing:
        say(list_bundled())
        return 0
    try:
        text = starter() if name is None else bundled(name)
    except LookupError as error:
        names = error.args[1] if len(error.args) > 1 else []
        raise click.ClickException(f"{error.args[0]}{did_you_mean(name or '', names)}") from None
    target = target or ("topology.yaml" if name is None else f"{name.removesuffix('.yaml')}.yaml")
    if target != "-" and os.path.lexists(target) and not force:
        raise click.ClickException(f"{visible(target)} is already there; --force overwrites it.")
    deliver(text, target)
    return 0
