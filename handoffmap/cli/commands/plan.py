"""`handoffmap plan`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from handoffmap.cli.checking import diagnose
from handoffmap.cli.exit_codes import exit_code
from handoffmap.cli.options import Command, output_option
from handoffmap.cli.policy import settle, telling_options
from handoffmap.cli.printing import deliver, say_error, visible, write
from handoffmap.cli.targets import free_to_write

if TYPE_CHECKING:
    from handoffmap.cli.policy import Asked
    from handoffmap.remedy.plan import Plan

__all__ = ["command"]


@click.command("plan", cls=Command)
@click.argument("path")
@click.option(
    "--output-format",
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How to tell it on standard output.",
)
@output_option
@click.option(
    "--apply",
    "applied",
    metavar="N",
    type=click.IntRange(min=1),
    help="Write the map with the first N steps applied beside the original (NAME.planned.yaml).",
)
@click.option("--force", is_flag=True, help="Overwrite the planned file if another one is there.")
@telling_options
def command(path: str, form: str, target: str | None, applied: int | None, force: bool, asked: Asked) -> int:
    """Put remedies into an order: what each clears, what remains, what it costs."""
    from handoffmap.remedy.plan import plan_as_settled
    from handoffmap.telling.fix_plan import render_plan

    settled = settle(asked)
    checked, diagnosis = diagnose(path)
    free_to_write([target], checked.sources)
    checked = settled.without_baseline().applied(checked, [path])
    made = plan_as_settled(diagnosis, checked.diagnoses[0])
    files = {} if applied is None else _planned(made, applied, force=force)
    deliver(render_plan(made, form), target)
    if applied is not None:
        _write_planned(files, min(applied, len(made.steps)), len(made.steps))
    return exit_code(checked, settled.gate)


def _planned(made: Plan, applied: int, *, force: bool) -> dict[str, str]:
    """The files that a plan's first steps lead to; refuses to overwrite others than those."""
    from handoffmap.remedy.draft import Draft
    from handoffmap.remedy.patch import CannotPatch
    from handoffmap.remedy.planned import planned_files

    if not made.steps:
        return {}
    try:
        files = planned_files(Draft(made.start.topology, made.start), made.steps[:applied][-1].draft)
    except CannotPatch as reason:
        raise click.ClickException(f"{visible(str(reason))}; nothing was written") from None
    for file, text in files.items():
        if os.path.lexists(file) and not force and not _holds(file, text):
            raise click.ClickException(f"{visible(file)} is already there; --force overwrites it.")
    return files


def _holds(file: str, text: str) -> bool:
    """Whether a file holds just this text: then writing it again loses nothing."""
    try:
        with open(file, "rb") as stream:  # noqa: PTH123 - pathlib is not loaded for this
            return stream.read() == text.encode("utf-8", "surrogatepass")
    except OSError:
        return False


def _write_planned(files: dict[str, str], applied: int, steps: int) -> None:
    if not files:
        say_error("the plan has no steps: nothing was written")
    for file, text in files.items():
        before = "overwrote" if os.path.lexists(file) and not _holds(file, text) else "wrote"
        write(file, text)
        say_error(f"{before} {visible(file)} with {applied} of {steps} step{'' if steps == 1 else 's'} applied")
