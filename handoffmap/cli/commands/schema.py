"""`handoffmap schema`."""

from __future__ import annotations

import click

from handoffmap.cli.options import Command, output_option
from handoffmap.cli.printing import deliver

__all__ = ["command"]


@click.command("schema", cls=Command)
@output_option
def command(target: str | None) -> int:
    """Give the JSON Schema of a topology file, for editors."""
    import json

    from handoffmap.reading.schema import json_schema

    deliver(json.dumps(json_schema(), indent=2) + "\n", target)
    return 0
