"""HM503: the gate looks at a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Ask, Claim
from handoffmap.finding import Subject
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Survey
    from handoffmap.model import Control


@rule("HM503", scope="control", severity="warning", mend="Let the gate read the authoritative cell (`reads`).")
def stale_gate_read(control: Control, survey: Survey) -> Claim | None:
    """A gate decides by a mirror, which may lag or drift, instead of by the authority."""
    if control.kind != "gate":
        return None
    subject = Subject(control=control.id)
    if control.reads is None:
        return Claim(
            "stale-gate-read", "", None, "nobody has said what it reads", None,
            f"{control.id} may decide by a mirror", drift=None, subject=subject, asks=(Ask("control", control.id, "reads"),),
        )  # fmt: skip
    holding = survey.graph.cells.get(control.reads)
    if holding is None or holding.role == "authoritative":
        return None
    if holding.role == "derived" and all(
        survey.graph.cells[cell].role == "authoritative" for cell in survey.case(control.reads).bases
    ):
        return None
    if holding.role is None:
        return Claim(
            "stale-gate-read", "", None, f"nobody has said whether {control.reads} is the record", None,
            f"{control.id} may decide by a mirror", drift=None, subject=subject,
            asks=(Ask("cell", str(control.reads), "role"),), keys=("reads",),
        )  # fmt: skip
    return Claim(
        "stale-gate-read", "", False, f"{control.reads} is a {holding.role}, not the record", None,
        f"{control.id} decides by {control.reads}", drift=None, subject=subject, keys=("reads",), direction="over",
    )  # fmt: skip
