"""The whole command line, and what becomes of whatever goes wrong in it."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from handoffmap import __version__
from handoffmap.cli.exit_codes import FAILED
from handoffmap.cli.options import debug_option
from handoffmap.cli.printing import abandon, say_error, take_any_character, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "baseline": "Write down the findings that are known, so that only new ones count; or list them.",
    "check": "Judge topologies: files, folders, globs, or - for standard input.",
    "config": "Show the settings that hold here.",
    "diagram": "Draw a topology; without -o the picture goes to standard output.",
    "diff": "Tell what differs in meaning between two topologies, or what an overlay opens and closes.",
    "explain": "Explain a rule, named by its code or its slug.",
    "fmt": "Put topologies into the usual order and layout; comments and meaning stay.",
    "init": "Start a topology: a copy of the bundled one called NAME, or an empty one with comments.",
    "lsp": "Serve editors over standard input and output (language server protocol).",
    "plan": "Put remedies into an order: what each clears, what remains, what it costs.",
    "prove": "Show each drift as a run in numbers, and prove the cells that must agree.",
    "questions": "List what has to be asked, the most telling question first.",
    "report": "Write the gap report of one topology and print where it is.",
    "rules": "List all rules, or run the examples of your own.",
    "schema": "Give the JSON Schema of a topology file, for editors, or of what `check` gives as json.",
}
"""Every command, a module of `commands`, with the first sentence of its own help: all that `--help` has to know."""


class Program(click.Group):
    """The whole command line; turns whatever goes wrong into exit code 2 and one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the same for every context
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - same
        """The command of a name, imported now; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"handoffmap.cli.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - same
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(  # type: ignore[override]  # never returns, whichever mode click would have
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,  # noqa: ARG002 - `python -m handoffmap` is called handoffmap too
        **extra: Any,
    ) -> None:
        given = sys.argv[1:] if args is None else list(args)
        take_any_character(sys.stdout, sys.stderr)
        extra["standalone_mode"] = False  # by itself click exits with 1, which means "findings" here
        try:
            code = super().main(given, self.name, **extra)
        except click.ClickException as error:
            _complain(error)
            code = FAILED
        except (click.Abort, KeyboardInterrupt):
            say_error("interrupted")
            code = FAILED
        except Exception as error:  # nobody gets a traceback who did not ask for one
            if "--debug" in given:
                raise
            code = _crash(error)
        if args is None:
            _leave(code or 0)
        sys.exit(code or 0)


def _leave(code: int) -> None:
    """End the program at once: taking down a large map object by object takes seconds and frees nothing for anybody."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return  # a closed or broken pipe: the ordinary way out knows what to do
    os._exit(code)


@click.group(
    name="handoffmap",
    cls=Program,
    params=[debug_option()],
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 nothing to fail on, 1 findings, 2 could not do the job, 3 nothing was checked.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> int:
    """Map systems and write paths; tell which counts must agree, which can drift, what to ask next."""
    if context.invoked_subcommand is not None:
        return 0
    click.echo(context.get_help(), err=True)
    return FAILED


def _complain(error: click.ClickException) -> None:
    message = _visible_lines(error.format_message())
    if isinstance(error, click.UsageError) and error.ctx is not None:
        message += f"\nTry '{error.ctx.command_path} --help'."
    say_error(message)


def _crash(error: Exception) -> int:
    """One line for an error of ours, of the machine, or of the program itself."""
    from handoffmap.errors import BadSettings, HandoffmapError

    if isinstance(error, BadSettings):  # tells several mistakes, a line each
        say_error(_visible_lines(str(error)))
    elif isinstance(error, HandoffmapError):
        say_error(visible(str(error)))
    elif isinstance(error, BrokenPipeError):
        abandon(sys.stdout)
    else:
        told = f"{type(error).__name__}: {error}".strip()
        say_error(f"internal error: {visible(told)}; --debug gives the traceback for a bug report")
    return FAILED


def _visible_lines(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n"))
