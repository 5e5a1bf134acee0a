"""`handoffmap check`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from handoffmap.cli.checking import check
from handoffmap.cli.exit_codes import FAILED, exit_code
from handoffmap.cli.many import means_of, means_options
from handoffmap.cli.mending import mended
from handoffmap.cli.options import FORMS, Command, color_option, form_option, outputs_option, with_option
from handoffmap.cli.policy import policy_options, settle
from handoffmap.cli.printing import colour_wanted, say
from handoffmap.cli.targets import add_to_summary, free_to_write, write_each

if TYPE_CHECKING:
    from handoffmap.cli.many import Allowed
    from handoffmap.cli.policy import Asked
    from handoffmap.diagnosis import Report
    from handoffmap.telling.formats import Manner

__all__ = ["command"]


@click.command("check", cls=Command)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@with_option
@form_option("--output-format", *FORMS)
@outputs_option
@policy_options
@means_options
@click.option("--fix", is_flag=True, help="Mend what is safe (spelling, unused waivers), and show what is only likely.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until interrupted.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule at the end.")
@click.option("-v", "--verbose", is_flag=True, help="List every cell's verdict with its premises.")
@color_option
def command(  # noqa: PLR0917 - click hands all of them over by name
    paths: tuple[str, ...],
    overlays: tuple[str, ...],
    form: str,
    outputs: list[tuple[str, str]],
    asked: Asked,
    allowed: Allowed,
    fix: bool,
    watch: bool,
    statistics: bool,
    verbose: bool,
    color: str,
) -> int:
    """Judge topologies: files, folders, globs, or - for standard input."""
    from handoffmap.telling.formats import Manner

    settled = settle(asked)
    colour = colour_wanted(color)
    manner = Manner(settled.gate, settled.persona, verbose=verbose or asked.strict, statistics=statistics)
    # A map of which nothing is new has its verdicts listed instead.
    whole = manner.lists_premises or settled.hides_findings or "json" in {form, *(other for other, _ in outputs)}
    settled = settled._replace(means=means_of(allowed, settled.own, whole=whole))

    def checked() -> Report:
        return settled.applied(check(paths, overlays, means=settled.means), paths, overlays)

    def once() -> tuple[Report, int]:
        report = checked()
        free_to_write([file for _, file in outputs], report.sources)
        if fix and mended(report):
            report = checked()
        return report, _tell(report, form, outputs, manner, colour=colour)

    if watch:
        from handoffmap.cli.watching import watching

        return watching(once)
    return once()[1]


def _tell(report: Report, form: str, outputs: list[tuple[str, str]], manner: Manner, *, colour: bool) -> int:
    """Tell a run wherever it is wanted, and give its exit code."""
    from handoffmap.telling.formats import render

    say(render(report, form, manner._replace(colour=colour)))
    written = write_each((file, partial(render, report, other, manner)) for other, file in outputs)
    if "github" in {form, *(other for other, _ in outputs)}:
        written = add_to_summary(partial(render, report, "markdown", manner)) and written
    return exit_code(report, manner.gate) if written else FAILED
