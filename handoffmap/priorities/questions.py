"""The facts that nobody has stated, as questions in plain words: verdicts -> **questions** -> telling.

One question for each path (or system, cell, control) and fact. First come those that settle the most cells that are
still open, then those whose findings cost the most; what only an already drifting cell hangs on ranks behind.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from handoffmap.finding import Question, Subject
from handoffmap.model import Cell
from handoffmap.premises.claim import Ask

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from handoffmap.model import Topology
    from handoffmap.rules import Rule
    from handoffmap.text.source import Location
    from handoffmap.verdicts.conclusions import Gathered
    from handoffmap.verdicts.verdict import Judgement

__all__ = ["hanging_on", "ids_of", "questions_of"]

PATH_WORDS: dict[str, str] = {
    "events": "Which business events set off {path}?",
    "trigger": "What sets off {path}: a webhook, a queue, a poll, a schedule, a file, a person?",
    "payload": "Does {path} carry a difference, or the whole value?",
    "op": "What does {target} do with a message of {path}: add it, or set the number?",
    "maps": "Which quantity of {source} becomes which quantity of {target} on {path}?",
    "delivery": "Can a message of {path} be delivered twice, or not at all?",
    "dedupe": "If {target} gets the same message of {path} twice, does it recognise the second one? By which key?",
    "dedupe.key": "By which key does {target} recognise a repeated message of {path}?",
    "dedupe.unique_per_effect": "Can two different effects on {path} share one deduplication key?",
    "dedupe.stable_across_retries": "Does the key of {path} stay the same when a message is sent again?",
    "dedupe.retention": "How long does {target} remember the keys of {path}?",
    "retry": "When a message of {path} fails, how often and for how long is it sent again?",
    "retry.max_attempts": "How often is a failed message of {path} sent again?",
    "on_unmapped": "What does {target} do with a write of {path} that lacks a field?",
    "subscription.lapses_after_failures": "Does {source} switch off the subscription of {path} after failures?",
    "retry.horizon": "How late can the last repetition of a message of {path} come?",
    "dead_letter": "Where does a message of {path} go that failed for good, and who sends it again?",
    "dead_letter.alert_within": "How soon does somebody hear of a parked message of {path}, and send it again?",
    "dead_letter.replay": "Are parked messages of {path} sent again, and by whom?",
    "dead_letter.monitored": "Who looks at the parked messages of {path}?",
    "ack": "Does the receiver of {path} acknowledge before or after it has stored the message?",
    "handoff": "If {source} crashes right after the event, is the message of {path} still sent?",
    "order": "Do messages of {path} arrive in the order in which they were sent?",
    "guard": "Does {target} refuse a message of {path} that is older than what it has?",
    "concurrency": "What keeps two runs of {path} from changing the same number at once?",
    "origin_tag": "Does a message of {path} say where it started, so that it is not sent back there?",
    "latency": "How long does a message of {path} take at the worst?",
    "schedule.every": "How often does {path} run?",
    "schedule.covers": "Does each run of {path} send everything, or only what has changed?",
    "only_if_changed": "Does {path} leave out values that have not changed since it last sent them?",
    "refused_when": "Can {target} refuse a message of {path} that should count, because of some state?",
    "expires_after": "After how long does a reservation by {path} end by itself, if it does?",
    "subscription.monitored": "Who notices when {source} switches off the subscription of {path}?",
    "subscription.backstop": "What reads the changes that {path} missed?",
    "poll.follows_pages": "Does {path} ask for the pages after the first?",
    "batch.on_item_error": "What does one bad item in a batch of {path} do to the others?",
    "retry.backoff": "Do failed messages of {path} come again less and less often?",
    "limits.backlog_growth_per_hour": "By how many messages an hour does the backlog of {path} grow?",
    "schedule.time_zone": "In which time zone is the cut-off of {path} meant?",
    "observed_at": "When was {path} last seen at work?",
    "poll.watermark": "By what does {path} know which changes are new?",
    "poll.advance_on": "Does {path} move its marker on when a run has failed?",
    "poll.lookback": "How far back does each run of {path} look?",
}
CELL_WORDS: dict[str, str] = {
    "unit": "In which unit does {system} count {quantity}?",
    "statuses": "Stock of which statuses does {system} count in {quantity}?",
    "integer_only": "Does {system} count {quantity} in whole numbers only?",
    "locations": "Which places does {system} count in {quantity}?",
    "role": "Is {system} the record for {quantity}, or a mirror?",
    "tolerates": "How old may {quantity} in {system} be?",
    "derived_from": "From which quantities does {system} compute {quantity}?",
    "write_paths": "Is there another way in which changes of {quantity} reach {system}?",
}
SYSTEM_WORDS: dict[str, str] = {
    "item_key.normalise": "How does {system} write its item key: trimmed, in capitals, without leading zeros?",
    "item_key": "By which field does {system} know an item?",
    "sells_kits": "Does {system} sell items that consist of others?",
    "holds_components": "Does {system} count the components of kits, rather than the kits?",
    "time_zone": "In which time zone are the clock and the cut-offs of {system}?",
}
CONTROL_WORDS: dict[str, str] = {
    "every": "How often does {control} run?",
    "scope": "Does {control} compare everything, or a part?",
    "on_mismatch": "What happens when {control} finds a difference?",
    "last_success_monitored": "Would anybody notice if {control} stopped running?",
    "settle": "How long does {control} wait before it calls a difference one?",
    "reads": "Which number does {control} look at?",
    "at": "At which moment is {control} checked?",
    "aligned_as_of": "Does {control} read both sides as of the same moment?",
    "compare.mirror": "Which copy does {control} compare?",
    "compare.authority": "With which record does {control} compare?",
}


def hanging_on(judgement: Judgement, gathered: list[tuple[Gathered, Rule]]) -> dict[Ask, tuple[set[Cell], set[Cell]]]:
    """Missing fact -> (cells that are open because of it, cells that drift anyway), from all that is told or unsaid."""
    found: dict[Ask, tuple[set[Cell], set[Cell]]] = {}
    for cell, assessed in judgement.cells.items():
        is_open = assessed.verdict == "undetermined"
        for told in assessed.told:
            healing = told.healed.asks if told.healed is not None and told.healed.works is None else ()
            for ask in (*told.claim.asks, *told.claim.extra_asks, *healing):
                sides = found.setdefault(ask, (set(), set()))
                if told.turns:
                    sides[not is_open].add(cell)
        if is_open and not any(told.turns for told in assessed.told):
            found.setdefault(EXCERPT, (set(), set()))[0].add(cell)
    for cause, rule in gathered:
        for ask in cause.asks:
            sides = found.setdefault(ask, (set(), set()))
            for cell in cause.cells if rule.slug == "no-authority" else ():
                sides[judgement.cells[cell].verdict != "undetermined"].add(cell)
    return found


EXCERPT = Ask("file", "", "complete")
"""What a cell hangs on that is open for no other reason than that the map is an excerpt."""


def ids_of(asks: Mapping[Ask, object]) -> dict[Ask, str]:
    """A readable id for each missing fact: `order-to-wms.dedupe`, `wms.item_key`."""
    return {ask: f"{ask.id}.{ask.fact}" if ask.id else ask.fact for ask in asks}


def questions_of(
    judgement: Judgement, asks: Mapping[Ask, tuple[set[Cell], set[Cell]]], worth: Mapping[str, Fraction]
) -> tuple[Question, ...]:
    """The questions by rank; `asks` gives the open and the already drifting cells that hang on each fact."""
    topology = judgement.survey.topology
    names = ids_of(asks)
    ranked = []
    for ask, (open_cells, drifting) in asks.items():
        name = names[ask]
        dear = -worth[name] if name in worth else 0
        basic = BASIC.get(ask.fact, len(BASIC))
        ranked.append(((-len(open_cells), ask.fact in LAST, dear, -len(drifting), basic, name), ask))
    ranked.sort(key=itemgetter(0))
    return tuple(
        Question(
            id=name,
            ask=_words(ask, topology),
            owner=_owner(ask, topology),
            subject=_subject(ask),
            fact=ask.fact,
            settles=tuple(sorted(asks[ask][0] | asks[ask][1])),
            worth=worth.get(name),
            location=_location(ask, topology),
            rank=place,
        )
        for place, ((*_, name), ask) in enumerate(ranked, 1)
    )


BASIC = {
    fact: place
    for place, fact in enumerate((
        "events", "maps", "payload", "op", "trigger", "delivery", "dedupe", "role", "controls", "handoff",
        "dead_letter", "retry", "schedule.covers", "order", "unit", "guard", "ack",
    ))
}  # fmt: skip
"""Of two questions that settle as much the more basic one comes first."""

LAST = frozenset({"unit", "item_key", "locations"})
"""Asked once for each system, and after the others that settle as much."""


def _words(ask: Ask, topology: Topology) -> str:
    if ask.kind == "path":
        path = topology.write_paths[ask.id]
        words = PATH_WORDS.get(ask.fact)
        if words is None:
            words = (
                f"By what exact factor does {{path}} convert {ask.fact.split('.')[1]}?"
                if ask.fact.endswith("unit_factor")
                else f"What is `{ask.fact}` of {{path}}?"
            )
        return words.format(path=path.id, source=path.source, target=path.target)
    if ask.kind == "cell":
        system, quantity = ask.id.split(".", 1)
        return CELL_WORDS.get(ask.fact, "What is `" + ask.fact + "` of {quantity} in {system}?").format(
            system=system, quantity=quantity
        )
    if ask.kind == "control":
        return CONTROL_WORDS.get(ask.fact, "What is `" + ask.fact + "` of {control}?").format(control=ask.id)
    if ask.kind == "system":
        return SYSTEM_WORDS.get(ask.fact, "What is `" + ask.fact + "` of {system}?").format(system=ask.id)
    if ask.fact == "complete":
        return "Are all systems and write paths drawn, so that `complete: true` can be said?"
    if ask.fact == "bound":
        return "Can the map be split? It is too dense to follow every way of every event to the end."
    return "Which gates and reconciliations are there, if any?"


def _owner(ask: Ask, topology: Topology) -> str | None:
    if ask.kind == "path":
        path = topology.write_paths[ask.id]
        at_the_source = ask.fact in {
            "events",
            "trigger",
            "handoff",
            "retry",
            "payload",
            "schedule.every",
            "origin_tag",
        }
        first, second = (path.source, path.target) if at_the_source else (path.target, path.source)
        return path.owner or _owner_of(first, topology) or _owner_of(second, topology)
    if ask.kind == "control":
        control = (topology.controls or {})[ask.id]
        cell = control.mirror or control.reads or control.authority
        return control.owner or (_owner_of(cell.system, topology) if cell is not None else None)
    if ask.kind in {"cell", "system"}:
        return _owner_of(ask.id.split(".", 1)[0], topology)
    return None


def _owner_of(name: str, topology: Topology) -> str | None:
    """The owner of a system, or of the application that it is a part of."""
    system = topology.systems.get(name)
    if system is None:
        return None
    whole = topology.systems.get(system.part_of or "")
    if system.owner is None and whole is not None:
        return whole.owner
    return system.owner


def _subject(ask: Ask) -> Subject:
    if ask.kind == "path":
        return Subject(write_path=ask.id)
    if ask.kind == "control":
        return Subject(control=ask.id)
    if ask.kind == "system":
        return Subject(system=ask.id)
    return Subject(*ask.id.split(".", 1)) if ask.kind == "cell" else Subject()


def _location(ask: Ask, topology: Topology) -> Location:
    if ask.kind == "path":
        return topology.write_paths[ask.id].place.at(*ask.fact.split("."))
    if ask.kind == "control":
        return (topology.controls or {})[ask.id].place.at(*ask.fact.split("."))
    if ask.kind == "system":
        return topology.systems[ask.id].place.at(ask.fact)
    if ask.kind == "cell":
        cell = Cell(*ask.id.split(".", 1))
        system = topology.systems[cell.system]
        holding = system.holds.get(cell.quantity)
        return holding.place.at(ask.fact) if holding is not None else system.place.at()
    return topology.place.at()
