"""HM605: the last hours of a day belong to no run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import WritePath
    from handoffmap.premises.survey import Survey

UTC = frozenset({"utc", "gmt", "z", "zulu", "etc/utc", "etc/gmt", "+00:00", "utc+0", "universal", "etc/universal"})
"""Names of the one zone without an offset, in small letters."""


@rule(
    "HM605",
    scope="map",
    severity="warning",
    mend="State bounds and cut-offs in the zone of the source's clock, best in UTC with an offset.",
)
def cutoff_or_time_zone(survey: Survey) -> Iterator[Claim]:
    """The bounds or the cut-off of a run are meant in another time zone than the one that its source reads them in.

    A bound is sent in UTC and read three hours east of it: the last three hours of each run are skipped, and
    no later run asks for them. What moved in those hours stays where it was, every day the same hours, and
    always those in which most is sold. Where the hours overlap instead, they count twice.

    Cleared by:

    - bounds, cut-off and the source's clock are in one zone (names of UTC are one zone)
    - each run sends every value in full (`covers: full`), or goes by a cursor
    - no bounds and no cut-off are stated
    - one of the two zones is not stated: then it is asked

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, time_zone: Europe/Bucharest, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - id: counts-to-erp
            from: wms
            to: erp
            trigger: poll
            op: set
            maps: {on_hand: on_hand}
            poll:
              every: 24h
              covers: changed_only
              watermark: source_updated_at
              lookback: 26h
              advance_on: success_only
              bounds_time_zone: UTC
            only_if_changed: false
            delivery: at_least_once
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, time_zone: Europe/Bucharest, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - id: counts-to-erp
            from: wms
            to: erp
            trigger: poll
            op: set
            maps: {on_hand: on_hand}
            poll:
              every: 24h
              covers: changed_only
              watermark: source_updated_at
              lookback: 26h
              advance_on: success_only
              bounds_time_zone: Europe/Bucharest
            only_if_changed: false
            delivery: at_least_once
            guard: none

    References:
    - constructorfabric/insight#1739: bounds in one zone, read in another; most of a day's records are missed
    - airbytehq/airbyte#30028: a cursor without its zone
    """
    for path in survey.graph.enabled:
        claim = _judge(path, survey)
        if claim is not None:
            for cell in survey.written_by(path):
                yield claim._replace(cell=cell)


def _judge(path: WritePath, survey: Survey) -> Claim | None:
    if path.covers == "full" or (path.poll is not None and path.poll.watermark == "cursor"):
        return None
    bounds = path.poll.bounds_time_zone if path.poll is not None else None
    cutoff = path.schedule.cutoff if path.schedule is not None else None
    if bounds is not None:
        return _compared(path, bounds, "asks with bounds", ("poll", "bounds_time_zone"), survey)
    if cutoff is None:
        return None
    zone = path.schedule.time_zone if path.schedule is not None else None
    if zone is not None:
        return _compared(path, zone, f"cuts off at {cutoff}", ("schedule", "cutoff"), survey)
    here = survey.graph.systems[path.source].time_zone
    there = survey.graph.systems[path.target].time_zone
    if here is not None and there is not None and same_zone(here, there):
        return None
    ask = Ask("path", path.id, "schedule.time_zone")
    return _told(path, f"it cuts off at {cutoff}, and nobody has said in which zone", ("schedule", "cutoff"), ask)


def _compared(path: WritePath, zone: str, what: str, keys: tuple[str, ...], survey: Survey) -> Claim | None:
    """The zone in which a bound is meant, held against the clock of the source, which reads it."""
    clock = survey.graph.systems[path.source].time_zone
    if clock is None:
        because = f"it {what} in {zone}, and nobody has said which clock {path.source} goes by"
        return _told(path, because, keys, Ask("system", path.source, "time_zone"))
    if same_zone(zone, clock):
        return None
    return _told(path, f"it {what} in {zone}, and the clock of {path.source} is in {clock}", keys)


def same_zone(one: str, other: str) -> bool:
    """Whether two names mean one time zone, as far as the names tell."""
    names = {one.strip().lower(), other.strip().lower()}
    return len(names) == 1 or names <= UTC


def _told(path: WritePath, because: str, keys: tuple[str, ...], ask: Ask | None = None) -> Claim:
    return Claim(
        "cutoff-or-time-zone",
        "",
        False if ask is None else None,
        because,
        path,
        f"{path.id} {'may skip or repeat' if ask else 'skips or repeats'} hours at the edges of its runs",
        drift=None,
        keys=keys,
        asks=() if ask is None else (ask,),
    )
