"""`handoffmap prove`."""

from __future__ import annotations

import click

from handoffmap.cli.checking import diagnose
from handoffmap.cli.exit_codes import exit_code
from handoffmap.cli.options import FORMS, Command, color_option, fail_on_option, form_option, output_option, with_option
from handoffmap.cli.printing import colour_wanted, deliver, did_you_mean, visible
from handoffmap.cli.targets import free_to_write
from handoffmap.policy.gate import Gate

__all__ = ["command"]


@click.command("prove", cls=Command)
@click.argument("path")
@with_option
@form_option("--output-format", *FORMS)
@output_option
@click.option("--finding", metavar="ID", help="Only the finding of this fingerprint, code or slug.")
@fail_on_option("error")
@color_option
def command(  # noqa: PLR0917 - click hands all of them over by name
    path: str,
    overlays: tuple[str, ...],
    form: str,
    target: str | None,
    finding: str | None,
    fail_on: str,
    strict: bool,
    color: str,
) -> int:
    """Show each drift as a run in numbers, and prove the cells that must agree."""
    from handoffmap.prove import prove as prove_map
    from handoffmap.telling.proofs import names_of, render_proofs

    checked, diagnosis = diagnose(path, overlays)
    free_to_write([target], checked.sources)
    if finding is not None and not any(finding in names_of(each) for each in diagnosis.findings):
        known = sorted({each.slug for each in diagnosis.findings})
        raise click.ClickException(f"no finding is called {visible(finding)}.{did_you_mean(finding, known)}")
    checked = checked._replace(diagnoses=(diagnosis._replace(proved=prove_map(diagnosis)),))
    if form == "json" and not overlays:  # a patch is for the files of one map
        from handoffmap.remedy.offer import remedies_for

        (proved,) = checked.diagnoses
        checked = checked._replace(diagnoses=(proved._replace(remedies=remedies_for(diagnosis)),))
    if form == "text":
        deliver(render_proofs(checked, colour=colour_wanted(color) and target is None, only=finding), target)
    else:
        from handoffmap.telling.formats import render

        deliver(render(checked, form), target)
    return exit_code(checked, Gate(fail_on, strict))
