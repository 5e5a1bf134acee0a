"""`handoffmap check`."""

from __future__ import annotations

import click

from handoffmap.cli.checking import check
from handoffmap.cli.exit_codes import exit_code
from handoffmap.cli.options import (
    FORMS,
    Command,
    color_option,
    fail_on_option,
    form_option,
    forms_and_files,
    with_option,
)
from handoffmap.cli.printing import colour_wanted, say, write
from handoffmap.cli.targets import free_to_write

__all__ = ["command"]


@click.command("check", cls=Command)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@with_option
@form_option("--output-format", *FORMS)
@click.option(
    "--output",
    "outputs",
    callback=forms_and_files,
    multiple=True,
    metavar="FORMAT=FILE",
    help="Also write them to FILE in FORMAT (repeatable).",
)
@fail_on_option("error")
@click.option("-v", "--verbose", is_flag=True, help="List every cell's verdict with its premises.")
@color_option
def command(  # noqa: PLR0917 - click hands all of them over by name
    paths: tuple[str, ...],
    overlays: tuple[str, ...],
    form: str,
    outputs: list[tuple[str, str]],
    fail_on: str,
    strict: bool,
    verbose: bool,
    color: str,
) -> int:
    """Judge topologies: files, folders, globs, or - for standard input."""
    from handoffmap.telling.formats import render

    report = check(paths, overlays)
    free_to_write([file for _, file in outputs], report.sources)
    say(render(report, form, colour=colour_wanted(color), verbose=verbose or strict))
    for other, file in outputs:
        write(file, render(report, other, verbose=verbose or strict))
    return exit_code(report, fail_on, strict=strict)
