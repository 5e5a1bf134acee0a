"""`handoffmap baseline`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from handoffmap.cli.checking import check
from handoffmap.cli.exit_codes import FAILED, NOTHING_CHECKED
from handoffmap.cli.many import means_of, means_options
from handoffmap.cli.options import Command, debug_option, form_option
from handoffmap.cli.policy import policy_options, settle
from handoffmap.cli.printing import deliver, say, say_error
from handoffmap.cli.targets import free_to_write

if TYPE_CHECKING:
    from handoffmap.cli.many import Allowed
    from handoffmap.cli.policy import Asked

__all__ = ["command"]


@click.group("baseline", params=[debug_option()])
def command() -> None:
    """Write down the findings that are known, so that only new ones count; or list them."""


@command.command("write", cls=Command)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-o", "--output", "target", default="handoffmap-baseline.json", show_default=True, metavar="FILE",
    help="Write to FILE; - is standard output.",
)  # fmt: skip
@policy_options
@means_options
def write(paths: tuple[str, ...], target: str, asked: Asked, allowed: Allowed) -> int:
    """Take the findings of now as known and print where they are written."""
    from handoffmap.policy.baseline import known_of, render_baseline

    if asked.baseline is not None or asked.since is not None:
        raise click.UsageError("A baseline holds all findings of now: leave --baseline and --since out.")
    settled = settle(asked).without_baseline()
    report = settled.applied(check(paths, means=means_of(allowed, settled.own, whole=False)), paths)
    if report.invalid:
        say_error("a file that cannot be read has no findings to be known; `handoffmap check` says what is wrong")
        return FAILED
    if not report.diagnoses:
        return NOTHING_CHECKED
    free_to_write([target], report.sources)
    deliver(render_baseline(known_of(report)), target)
    return 0


@command.command("show", cls=Command)
@click.argument("file", default="handoffmap-baseline.json")
@form_option("--output-format", "text", "json")
def show(file: str, form: str) -> int:
    """List the findings that FILE holds."""
    from handoffmap.policy.baseline import parse_baseline, render_baseline
    from handoffmap.telling.sanitize import visible
    from handoffmap.text.source import Source

    known = parse_baseline(Source.read(file).text, file)
    if form == "json":
        say(render_baseline(known))
    else:
        lines = (f"{each.file}: {each.severity} {each.code} {each.slug}: {each.message}" for each in known)
        say("".join(f"{visible(line)}\n" for line in lines))
    return 0
