"""`handoffmap prove`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from handoffmap.cli.checking import diagnose
from handoffmap.cli.exit_codes import FAILED, exit_code
from handoffmap.cli.options import (
    FORMS,
    Command,
    color_option,
    files_in_forms,
    form_option,
    with_option,
)
from handoffmap.cli.policy import policy_options, settle
from handoffmap.cli.printing import colour_wanted, did_you_mean, say, visible
from handoffmap.cli.targets import free_to_write, write_each

if TYPE_CHECKING:
    from handoffmap.cli.policy import Asked
    from handoffmap.diagnosis import Report
    from handoffmap.telling.formats import Manner

__all__ = ["command"]


@click.command("prove", cls=Command)
@click.argument("path")
@with_option
@form_option("--output-format", *FORMS)
@click.option(
    "-o",
    "--output",
    "outputs",
    callback=files_in_forms,
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Write to FILE instead, or also in FORMAT (repeatable).",
)
@click.option("--finding", metavar="ID", help="Only the finding of this fingerprint, code or slug.")
@policy_options
@color_option
def command(
    path: str,
    overlays: tuple[str, ...],
    form: str,
    outputs: list[tuple[str, str]],
    finding: str | None,
    asked: Asked,
    color: str,
) -> int:
    """Show each drift as a run in numbers, and prove the cells that must agree."""
    from handoffmap.prove import prove as prove_map
    from handoffmap.telling.formats import Manner
    from handoffmap.telling.proofs import names_of

    settled = settle(asked)
    checked, diagnosis = diagnose(path, overlays)
    free_to_write([target for _, target in outputs], checked.sources)
    if finding is not None and not any(finding in names_of(each) for each in diagnosis.findings):
        known = sorted({each.slug for each in diagnosis.findings})
        raise click.ClickException(f"no finding is called {visible(finding)}.{did_you_mean(finding, known)}")
    proved = diagnosis._replace(proved=prove_map(diagnosis))
    if "json" in {form, *(other for other, _ in outputs)} and not overlays:  # a patch is for the files of one map
        from handoffmap.remedy.offer import remedies_for

        proved = proved._replace(remedies=remedies_for(diagnosis))
    checked = settled.applied(checked._replace(diagnoses=(proved,)), [path], overlays)
    manner = Manner(settled.gate)
    own = [target for other, target in outputs if not other]
    if not own or "-" in own:
        say(_told(checked, form, manner._replace(colour=colour_wanted(color)), finding))
    files = [(other or form, target) for other, target in outputs if target != "-"]
    written = write_each((target, partial(_told, checked, other, manner, finding)) for other, target in files)
    say("".join(f"{visible(target)}\n" for target in own if target != "-"))
    return exit_code(checked, settled.gate) if written else FAILED


def _told(checked: Report, form: str, manner: Manner, finding: str | None) -> str:
    if form == "text":
        from handoffmap.telling.proofs import render_proofs

        return render_proofs(checked, colour=manner.colour, only=finding)
    from handoffmap.telling.formats import render

    return render(checked, form, manner)
