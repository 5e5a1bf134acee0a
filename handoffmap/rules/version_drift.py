"""HM611: an interface that moves on under a path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import WritePath
    from handoffmap.premises.survey import Survey


@rule(
    "HM611",
    scope="map",
    severity="note",
    mend="Move the path to a version that is served, the one that its other end speaks.",
)
def version_drift(survey: Survey) -> Iterator[Claim]:
    """A path speaks a version that is no longer served, or another one than its target.

    It works until the day on which a field is renamed or a value becomes mandatory, and from then on every
    write is refused, or taken for something else. Nobody has changed anything, so nobody looks. Until it is
    found, orders go out on the numbers of that day.

    Cleared by:

    - the version is served for longer than the day on which the path was last seen at work
      (`supported_until`, `observed_at`)
    - path and target name the same version (`version`), or one of them names none
    - a day is stated until which the version is served, and not when the path was seen: then it is asked

    Flagged::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {available: authoritative}}
          shop: {kind: storefront, holds: {available: mirror}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 30m, covers: full}
            only_if_changed: false
            guard: none
            version: {pins: "2024-10", supported_until: 2025-10-01}
            observed_at: 2026-03-14

    Use instead::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {available: authoritative}}
          shop: {kind: storefront, holds: {available: mirror}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 30m, covers: full}
            only_if_changed: false
            guard: none
            version: {pins: "2026-01", supported_until: 2027-01-01}
            observed_at: 2026-03-14

    References:
    - https://shopify.dev/docs/api/usage/versioning: each version is served for a year at least, then no
      longer
    - microsoft/BCApps#6244: a field that becomes mandatory with the next version
    """
    for path in survey.graph.enabled:
        claim = _judge(path, survey)
        if claim is not None:
            for cell in survey.written_by(path):
                yield claim._replace(cell=cell)


def _judge(path: WritePath, survey: Survey) -> Claim | None:
    there = survey.graph.systems[path.target].version
    if path.version is not None and there is not None and path.version != there:
        return _told(
            path, f"it speaks {path.version}, and {path.target} speaks {there}", "another version than its target"
        )
    end = path.supported_until
    if end is None:
        return None
    if path.observed_at is None:
        ask = Ask("path", path.id, "observed_at")
        because = f"served until {end}, and nobody has said when it was last seen at work"
        return _told(path, because, "a version that may not be served any more", ask)
    if path.observed_at <= end:
        return None
    return _told(path, f"served until {end}, seen at work on {path.observed_at}", "a version that is no longer served")


def _told(path: WritePath, because: str, what: str, ask: Ask | None = None) -> Claim:
    return Claim(
        "version-drift",
        "",
        False if ask is None else None,
        because,
        path,
        f"{path.id} speaks {what}",
        drift=None,
        keys=("version",),
        asks=() if ask is None else (ask,),
    )
