"""Changes of **no class** that a path lets through.

What a run or a correction writes belongs to no instance, and no `only` lets it through; nor does an `except` let
through what comes to its source in the very classes that it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.upstream import any_upstream

if TYPE_CHECKING:
    from collections.abc import Collection

    from handoffmap.model import Cell
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.survey import Survey

__all__ = ["lets_nothing_through"]


def lets_nothing_through(feed: Feed, survey: Survey) -> bool:
    """Whether a push for some classes of instances waits for what runs and corrections make, or others that come."""
    if not feed.handoff.pushed or feed.path.events is not None or not feed.reads:
        return False
    if not feed.path.only:
        out = feed.path.except_ or ()
        return bool(out) and all(_brings_only(survey.case(cell), out) for cell in feed.reads)
    return (
        any_upstream(
            feed.reads,
            lambda cell: _brings_instances(survey.case(cell)),
            lambda cell: _written_after_changes(survey.case(cell)),
        )
        is False
    )


def _brings_instances(case: Case) -> bool:
    """Whether a cell may change by what belongs to an instance of an event."""
    return bool(case.own or case.deltas or case.rewriters or case.unclear) or any(
        feed.path.events is not None or not feed.reads for feed in case.all_feeds if not feed.handoff.pulled
    )


def _written_after_changes(case: Case) -> list[Cell]:
    """The cells after whose changes a cell changes, too."""
    return [*case.bases, *(cell for feed in case.all_feeds if not feed.handoff.pulled for cell in feed.reads)]


def _brings_only(case: Case, classes: Collection[str]) -> bool:
    """Whether a cell changes by amounts of these classes alone."""
    return case.changed_by <= {"amounts"} and all(
        path.only and set(path.only) <= set(classes) for path in case.deltas.values()
    )
