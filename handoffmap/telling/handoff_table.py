"""The table of handoffs: every write path of the map with what is stated about it, none left out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.telling.anchor import anchor, shown
from handoffmap.telling.duration import say_duration
from handoffmap.telling.scene import paths_of
from handoffmap.telling.wording import STANDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from handoffmap.model import WritePath
    from handoffmap.telling.scene import Scene

__all__ = ["Handoff", "handoffs"]


class Handoff(NamedTuple):
    """One write path in words."""

    anchor: str
    id: str
    source: str
    target: str
    via: str
    carries: str
    fields: tuple[str, ...]
    how: str
    delivery: str
    owner: str
    standing: str
    mark: str
    says: str
    gaps: tuple[tuple[str, str], ...]
    """(number, anchor) of the gaps that speak of it, those that are waived behind."""
    place: str


def handoffs(scene: Scene, numbers: Mapping[str, tuple[str, str]]) -> Iterable[Handoff]:
    """All write paths by id; `numbers` gives a finding's fingerprint the number and the anchor that it is told by."""
    places = {key: place for place, key in enumerate(numbers)}
    told: dict[str, set[str]] = defaultdict(set)
    for finding in (*scene.diagnosis.findings, *(each.finding for each in scene.diagnosis.waived)):
        for name in paths_of(finding):
            told[name].add(finding.fingerprint)
    for path in scene.paths:
        standing = scene.standings[path.id]
        location = path.place.at()
        mark, says = STANDINGS[standing]
        yield Handoff(
            anchor=anchor("path", path.id),
            id=shown(path.id),
            source=shown(path.source),
            target=shown(path.target),
            via=", ".join(shown(hop.system) for hop in path.via),
            carries=_carries(path),
            fields=tuple(_fields(path)),
            how=_how(path),
            delivery=_delivery(path),
            owner=shown(path.owner or _owner(scene, path)),
            standing=standing,
            mark=mark,
            says=says,
            gaps=tuple(numbers[key] for key in sorted(told[path.id] & numbers.keys(), key=places.__getitem__)),
            place=f"{shown(location.file)}:{location.line}",
        )


def _owner(scene: Scene, path: WritePath) -> str:
    source = scene.topology.systems.get(path.source)
    return (source.owner if source is not None else None) or ""


def _carries(path: WritePath) -> str:
    if path.events:
        return ", ".join(shown(event) for event in path.events)
    if path.payload == "delta":
        return "events not stated"
    return "any change" if path.payload is not None else "not stated"


def _fields(path: WritePath) -> Iterable[str]:
    """What goes where, quantity by quantity."""
    if path.maps is None:
        yield "mapping not stated"
        return
    for left, mapping in sorted(path.maps.items()):
        if mapping is None:
            yield f"{shown(left)} → not stated"
        elif mapping.to is None:
            yield f"{shown(left)} → dropped"
        else:
            factor = f" times {mapping.unit_factor}" if mapping.unit_factor not in {None, 1} else ""
            yield f"{shown(left)} → {shown(mapping.to)}{factor}"


def _how(path: WritePath) -> str:
    trigger = (path.trigger or "trigger not stated").replace("_", " ")
    if path.every is not None:
        trigger += f" every {say_duration(path.every)}"
    payload = {"delta": "sends the change", "state": "sends the whole count"}.get(path.payload or "")
    payload = payload or ("sends a notice, then reads" if path.payload else "payload not stated")
    return f"{trigger}, {payload}"


def _delivery(path: WritePath) -> str:
    return (path.delivery or "not stated").replace("_", " ")
