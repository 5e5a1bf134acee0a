"""From the paths of a command line to what is known of them."""

from __future__ import annotations

import gc
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from handoffmap.cli.exit_codes import FAILED, NOTHING_CHECKED
from handoffmap.cli.many import judged
from handoffmap.cli.printing import colour_wanted, say_error, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from handoffmap.cli.policy import Settled
    from handoffmap.diagnosis import Diagnosis, Report
    from handoffmap.estate.means import Means
    from handoffmap.finding import Finding

__all__ = ["check", "diagnose", "diagnose_as_settled", "only_diagnoses", "read_once", "standard_input"]


def check(
    paths: Sequence[str], overlays: Sequence[str] = (), stdin: bytes | None = None, means: Means | None = None
) -> Report:
    """Check what the paths lead to; `stdin` is what stands there if it has been read already.

    `means`: what may be used where there are many maps.
    """
    from handoffmap.check import check_paths

    if overlays:
        read_once(*dict.fromkeys(paths), *overlays)
    if stdin is None:
        stdin = standard_input(*paths, *overlays)
    judge = None if means is None else partial(judged, means)
    report = check_paths(paths, stdin=stdin, overlays=overlays, judge=judge)
    # All of it lives to the end: a collection, at exit at the latest, would walk it all for nothing.
    gc.freeze()
    if not report.diagnoses and not report.invalid:
        others = f" ({report.skipped:,} YAML files without it)" if report.skipped else ""
        say_error(f"nothing to check: no file with a top-level `handoffmap:` key{others}")
    files = [diagnosis.file for diagnosis in report.diagnoses] + [file for file, _ in report.invalid]
    if overlays and len(files) > 1:
        told = ", ".join(map(visible, files))
        raise click.UsageError(f"--with lays over one topology, and here are several: {told}.")
    return report


def standard_input(*paths: str) -> bytes | None:
    """What stands in the standard input, if one of the paths means it."""
    return sys.stdin.buffer.read() if "-" in paths and sys.stdin is not None else None


def read_once(*paths: str) -> None:
    """Refuse a command line that means the standard input more than once."""
    if paths.count("-") > 1:
        raise click.UsageError("The standard input can be read once: name one file - and no other.")


def diagnose(path: str, overlays: Sequence[str] = ()) -> tuple[Report, Diagnosis]:
    """Check the one topology that `path` leads to; end the command if there is none or it is invalid."""
    report = check([path], overlays)
    return report, only_diagnoses((path, report))[0]


def diagnose_as_settled(
    path: str, overlays: Sequence[str], settled: Settled, more: Callable[[Diagnosis], Diagnosis] | None = None
) -> tuple[Report, Diagnosis]:
    """Check the one topology that `path` leads to and take it as the team does: waivers, selection, rules of its own.

    No baseline is taken off: what is known already is no less there for those who read of it. `more` adds to what is
    known of the map itself, before the team has its say.
    """
    report, diagnosis = diagnose(path, overlays)
    if more is not None:
        report = report._replace(diagnoses=(more(diagnosis),))
    report = settled.without_baseline().applied(report, [path], overlays)
    return report, report.diagnoses[0]


def only_diagnoses(*checked: tuple[str, Report]) -> list[Diagnosis]:
    """The one diagnosis of each report; where one of them has none, or is of an invalid file, that ends the command."""
    told: list[tuple[Finding, ...]] = []
    for _, report in checked:
        for _file, problems in report.invalid:
            if problems not in told:
                from handoffmap.telling.text import render_findings

                told.append(problems)
                colour = colour_wanted("auto", sys.stderr)
                click.echo(render_findings(problems, report.sources, colour=colour), err=True, color=True)
    if told:
        raise click.exceptions.Exit(FAILED)
    for path, report in checked:
        if not report.diagnoses:
            raise click.exceptions.Exit(NOTHING_CHECKED)
        if len(report.diagnoses) > 1:
            files = ", ".join(visible(diagnosis.file) for diagnosis in report.diagnoses)
            raise click.UsageError(f"This command takes one topology, and {visible(path)} has several: {files}.")
    return [report.diagnoses[0] for _, report in checked]
