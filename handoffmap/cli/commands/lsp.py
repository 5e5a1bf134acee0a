"""`handoffmap lsp`."""

from __future__ import annotations

import click

from handoffmap.cli.options import Command

__all__ = ["command"]


@click.command("lsp", cls=Command)
def command() -> int:
    """Serve editors over standard input and output (language server protocol)."""
    try:
        from handoffmap.editor.server import make_server
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in {"pygls", "lsprotocol"}:
            raise
        raise click.ClickException("the language server needs pygls: pip install 'handoffmap[lsp]'") from None
    from handoffmap.cli.policy import today

    make_server(today).start_io()
    return 0
