"""HM001: the file cannot be read as YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.text.problem import Problem


@rule(
    "HM001",
    scope="file",
    severity="error",
    mend="Mend the line that is named; the frame shows where reading stopped.",
)
def syntax(problem: Problem) -> bool:
    """The file is not readable as one YAML document.

    A file that cannot be read is not judged at all: the run ends with code 2 and nothing in it is a
    verdict. All that is broken is told at once, each with its line and column, so that mending takes
    minutes and not one run for each mistake.

    Cleared by:
    - one YAML document in UTF-8, with or without a byte order mark
    - spaces, not tabs, for indentation, and every bracket and quote closed
    - nesting and aliases within the bounds that keep reading fast

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - {id: stock-to-erp, from: wms, to: erp, trigger: queue, op: set, maps: {on_hand: on_hand}}

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - {id: stock-to-erp, from: wms, to: erp, trigger: queue, op: set, maps: {on_hand: on_hand}}

    References:
    - https://yaml.org/spec/1.2.2/
    """
    return problem.slug == "syntax"
