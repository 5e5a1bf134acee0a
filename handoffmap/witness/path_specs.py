"""The **paths** of a slice as the machine looks them up: facts read for what they promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from handoffmap.model import Dedupe
from handoffmap.witness import promises
from handoffmap.witness.mapping import accepts, carry, changes_of, maps_of, put_back, values_of, watched
from handoffmap.witness.slices import carries, reports, rewrites
from handoffmap.witness.tables import PathSpec

if TYPE_CHECKING:
    from handoffmap.model import WritePath
    from handoffmap.witness.numbering import Numbering

__all__ = ["path_specs"]


def path_specs(numbering: Numbering) -> tuple[PathSpec, ...]:
    """All paths of a slice, in the order of their ids."""
    ledgers: dict[tuple[str, str], int] = {}
    stamps: dict[tuple[str, str, str], int] = {}
    lanes: dict[str, int] = {}
    numbers = {path.id: index for index, path in enumerate(numbering.up.paths)}
    return tuple(
        _spec(numbering, index, path, ledgers, stamps, lanes, numbers) for index, path in enumerate(numbering.up.paths)
    )


def _spec(
    numbering: Numbering,
    index: int,
    path: WritePath,
    ledgers: dict[tuple[str, str], int],
    stamps: dict[tuple[str, str, str], int],
    lanes: dict[str, int],
    numbers: dict[str, int],
) -> PathSpec:
    payload = carries(path) or "delta"
    puts_back = promises.puts_back(path)
    rewrite = rewrites(path)
    dedupe = path.dedupe if isinstance(path.dedupe, Dedupe) else None
    key = numbering.told_apart(path) or "instance"
    ledger = -1
    if dedupe is not None:
        ledger = ledgers.setdefault((path.target, numbering.key_space(path, dedupe)), len(ledgers))
    guard = path.guard or "none"
    compares = payload == "state" and (guard == "cas" or (path.op == "cas" and guard != "cas_opted_out"))
    if guard == "cas" and (rewrite or compares):
        guard = "none"
    if payload == "state" and guard == "state_machine":
        guard = "version"  # it refuses what the source held before: the counter tells the same
    stamp = -1
    if guard in {"version", "event_time"}:
        stamp = stamps.setdefault((path.source, path.target, guard), len(stamps))
    lane_name = path.id
    single = -1
    if path.lane is not None and path.lane.concurrency == 1:
        lane_name = f"{path.lane.name} {path.target}" if path.lane.name and path.lane.shared else path.id
        single = lanes.setdefault(lane_name, len(lanes))
    lane = lanes.setdefault(lane_name, len(lanes)) if promises.ordered(path) else -1
    in_step = promises.applied_in_step(numbering.topology, path) and not puts_back
    gate = promises.gated(path)
    pushed = promises.pulled(path) is not True and not puts_back
    applies = not promises.refused(path)
    maps = maps_of(numbering, path, payload)
    changes = tuple(changes_of(numbering, path, maps)) if payload != "state" and applies else ()
    told = put_back(numbering, path, maps) if puts_back else values_of(numbering, path, maps)
    values = tuple(told) if payload == "state" and applies else ()
    reads = frozenset(() if puts_back else (cell for value in values for cell, _ in value.form.terms))
    once = path.op in {"reserve", "release"} and path.guard == "state_machine"
    split = _split(path, payload)
    sure = in_step or gate
    fires_for = path.fires_for
    return PathSpec(
        number=index,
        id=path.id,
        source=numbering.system[path.source],
        target=numbering.system[path.target],
        kind="state" if payload == "state" else "rewrite" if rewrite else "delta",
        op="set" if puts_back else path.op or ("set" if payload == "state" else "adjust"),
        events=_fired_by(numbering, path, payload),
        pushed=pushed,
        full=puts_back or (not pushed and path.covers != "changed_only"),
        puts_back=puts_back,
        in_step=in_step and split != "target",  # two transactions may read one number
        gate=gate,
        fetch=path.payload == "notify_then_fetch" and not puts_back,
        changes=changes,
        values=values,
        carry=carry(numbering, path),
        reads=reads,
        ledger=ledger,
        key=("value" if key == "order" and payload == "state" else key),
        recognises=promises.recognises(path) is not False and dedupe is not None,
        forgets=promises.forgets(path) is True,
        keeps_no_key=dedupe is not None and dedupe.retention == 0,
        guard=guard,
        compares=compares and not puts_back,
        once_per_order=once,
        minds_orders=path.op in {"reserve", "release"} and (once or isinstance(path.dedupe, Dedupe)),
        stamp=stamp,
        lane=lane,
        single=single,
        split=split,
        can_repeat=not sure and promises.repeats(path) is True,
        can_lose=not sure and promises.loses(path) is True,
        can_crash=promises.crashes(path, in_step=in_step) is True,
        can_park=not sure and lane >= 0 and promises.dead_letters(path) is True and not _endless(path),
        tagged=path.origin_tag is True,
        watches=tuple(watched(numbering, path, maps)) if reports(path) else (),
        fires_on_write=path.fires_on == "write",
        fires_for_local=None if fires_for is None else "local" in fires_for,
        fires_for_paths=frozenset(numbers[name] for name in fires_for or () if name in numbers),
        only=None if path.only is None else frozenset(path.only),
        except_=frozenset(path.except_ or ()),
        if_changed=path.only_if_changed is True and not puts_back,
        clamp=path.clamp_at_zero,
        read_before=path.read_at == "before_commit",
        parts=2 if path.per in {"line", "shipment"} else 1,
        accepts=tuple(accepts(numbering, path)),
        amount_from=-1 if path.amount_from is None else numbering.number.get(path.amount_from, -1),
        base_event=path.base == "event",
        refused=not applies,
    )


def _fired_by(numbering: Numbering, path: WritePath, payload: str) -> frozenset[str] | None:
    """Events that set it off; None: any change of what it reads."""
    if path.events is not None:
        return frozenset(path.events)
    if payload == "state":
        return None
    return frozenset() if reports(path) else frozenset(numbering.topology.events)


def _split(path: WritePath, payload: str) -> Literal["no", "target", "cached"]:
    """Whether the target is read in a step of its own: always where it is read once for several messages."""
    if payload == "state":
        return "no"
    if path.base == "target" and path.per in {"line", "shipment"}:
        return "target"
    return promises.split_write(path) or "no"


def _endless(path: WritePath) -> bool:
    return path.retry is not None and path.retry != "none" and path.retry.max_attempts == "unlimited"
