"""`handoffmap schema`."""

from __future__ import annotations

import click

from handoffmap.cli.options import Command, output_option
from handoffmap.cli.printing import deliver

__all__ = ["command"]


@click.command("schema", cls=Command)
@click.argument("kind", type=click.Choice(["topology", "run"]), default="topology")
@output_option
def command(kind: str, target: str | None) -> int:
    """Give the JSON Schema of a topology file, for editors, or of what `check` gives as json."""
    import json

    if kind == "run":
        from handoffmap.telling.json_v1_schema import run_schema

        schema = run_schema()
    else:
        from handoffmap.reading.schema import json_schema

        schema = json_schema()
    deliver(json.dumps(schema, indent=2) + "\n", target)
    return 0
