"""The shape of a topology file, as data: which keys stand where, what may follow each, a sentence on each.

`interpret` compiles these tables into readers, `schema` prints them as JSON Schema: a key that is not here
does not exist. What the words are is said in `vocabulary`.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from handoffmap import vocabulary as v

__all__ = ["FORMAT_VERSION", "TABLES", "UNKNOWN", "Key", "Kind", "Table", "Value"]

UNKNOWN: Final = "unknown"
"""The word that says of any fact what leaving it out says."""

FORMAT_VERSION: Final = "1"

KindName = Literal[
    "word", "flag", "text", "id", "name", "quantity", "cell", "number", "count", "duration", "factor",
    "formula", "date", "day", "effect",
]  # fmt: skip


class Kind(NamedTuple):
    """What one scalar is: its kind, and the words that are accepted beside it (or alone, for a `word`).

    An `id` is declared here, a `name` refers to one that is declared elsewhere. `literal`: the word
    `unknown` and an empty value have no meaning of their own here.
    """

    name: KindName
    words: tuple[str, ...] = ()
    literal: bool = False


class Value(NamedTuple):
    """What may follow a key, for each of YAML's three forms; None where that form is wrong.

    `table` names one of `TABLES`; `entries` is what each entry of a table with free names holds, `names`
    what such a name is. `items=Value()` allows the empty list alone. A table may have both: then its one
    key is not one of the named table's (`{ipaas: {delivery: ...}}`).
    """

    scalar: Kind | None = None
    items: Value | None = None
    table: str | None = None
    entries: Value | None = None
    names: Kind = Kind("id", literal=True)
    null: bool = False
    """An explicit null means something of its own here (a drop)."""


class Key(NamedTuple):
    """One key of a table."""

    value: Value
    docs: str
    required: bool = False


class Table(NamedTuple):
    """One kind of table: how a sentence calls it, and its keys in the order in which a person writes them."""

    called: str
    keys: dict[str, Key]


def _word(alias: object) -> Value:
    return Value(scalar=Kind("word", v.words(alias)))


def _list_of(kind: Kind) -> Value:
    """A list, or a single one without brackets."""
    return Value(scalar=kind, items=Value(scalar=kind))


def _table(name: str, scalar: Kind | None = None) -> Value:
    return Value(scalar=scalar, table=name)


def _map_of(value: Value, names: Kind | None = None) -> Value:
    return Value(entries=value, names=names or _ID)


_TEXT = Kind("text")
_ID = Kind("id", literal=True)
_NAME = Kind("name")
_PLACE = Kind("name", literal=True)
_QUANTITY = Kind("quantity")
_NONE = Kind("word", ("none",))

FLAG = Value(scalar=Kind("flag"))
TEXT = Value(scalar=_TEXT)
ID = Value(scalar=_ID)
NAME = Value(scalar=_NAME)
NAMES = _list_of(_NAME)
PLACE = Value(scalar=_PLACE)
TEXTS = _list_of(_TEXT)
TEXTS_OR_ALL = Value(scalar=Kind("text", ("all",)), items=TEXT)
QUANTITIES = _list_of(_QUANTITY)
CELL = Value(scalar=Kind("cell"))
NUMBER = Value(scalar=Kind("number"))
COUNT = Value(scalar=Kind("count"))
DURATION = Value(scalar=Kind("duration"))
TERMS = Value(scalar=Kind("formula"), items=Value(scalar=Kind("formula")))
STATES = _map_of(TEXTS, _QUANTITY)

_RELAY = Value(scalar=_NAME, table="hop", entries=_table("hop"))
_ORIGIN = Value(scalar=_PLACE, entries=_table("origin"))
_EFFECT = Value(scalar=Kind("effect", ("set",)), table="effect")

_FILE = {
    "handoffmap": Key(
        Value(scalar=Kind("word", (FORMAT_VERSION,), literal=True)),
        "Version of this file format.",
        required=True,
    ),
    "name": Key(TEXT, "What the map is called."),
    "summary": Key(TEXT, "What the map shows, in a sentence."),
    "notes": Key(TEXT, "Anything a reader should know."),
    "include": Key(TEXTS, "Other files, relative to this one, that are part of the map; ids are unique over all."),
    "complete": Key(FLAG, "false: the map is an excerpt, and what is not listed may exist all the same. Default true."),
    "volume": Key(_map_of(NUMBER), "Numbers of the business, such as orders_per_month; they price the findings."),
    "quantities": Key(
        _map_of(_table("quantity", Kind("word", v.words(v.Meaning)))),
        "Quantities of your own beside the built-in ones.",
    ),
    "systems": Key(
        Value(entries=_table("system"), items=_table("system")),
        "Everything that holds, moves or decides on stock.",
    ),
    "events": Key(
        Value(entries=_table("event"), items=Value()),
        "Business events that happen, each with where it happens first.",
    ),
    "write_paths": Key(
        Value(items=_table("path"), entries=_table("path")),
        "Every way in which a change in one system is written into another.",
    ),
    "controls": Key(
        Value(items=_table("control"), entries=_table("control")),
        "Gates and reconciliations; [] says that there are none, leaving it out says that nobody has told.",
    ),
    "waivers": Key(Value(items=_table("waiver")), "Findings that somebody has decided to live with until a date."),
}

_STATE_GUARDS = {
    "accepts_when": Key(STATES, "States (by flag quantity) in which a write is accepted; others are refused."),
    "refused_when": Key(STATES, "States (by flag quantity) in which a write is refused."),
}

_SYSTEM = {
    "id": Key(ID, "Name of the system, where systems are written as a list."),
    "kind": Key(
        _list_of(Kind("word", v.words(v.SystemKind), literal=True)),
        "What it is; a list where it plays several parts.",
        required=True,
    ),
    "product": Key(TEXT, "The product it runs on; documented facts about it fill in what the file leaves out."),
    "part_of": Key(NAME, "The application this part belongs to: a system, or a free name that groups."),
    "owner": Key(TEXT, "The team to ask about it."),
    "holds": Key(
        Value(
            items=Value(scalar=_QUANTITY),
            entries=_table("holding", Kind("word", v.words(v.Role))),
            names=_QUANTITY,
        ),
        "Quantities that it keeps a number of; {} says none.",
    ),
    "allocates": Key(_table("allocates", Kind("flag")), "Whether it accepts commitments against its stock."),
    "item_key": Key(_table("item_key", _TEXT), "The field by which it knows an item."),
    "items": Key(TEXTS_OR_ALL, "Item classes that it covers; all by default."),
    **_STATE_GUARDS,
    "time_zone": Key(TEXT, "Time zone of its clock and its cut-offs."),
    "version": Key(TEXT, "Version of the API or schema that it speaks."),
    "sells_kits": Key(FLAG, "Whether it sells items that consist of others."),
    "holds_components": Key(FLAG, "Whether it counts the components of kits rather than the kits."),
    "notes": Key(TEXT, "Anything a reader should know."),
}

_HOLDING = {
    "role": Key(_word(v.Role), "Where its number comes from."),
    "unit": Key(TEXT, "What one is: each, case, kg."),
    "locations": Key(TEXTS_OR_ALL, "Places that it counts, or all."),
    "statuses": Key(TEXTS, "Stock statuses that it counts."),
    "derived_from": Key(TERMS, 'The quantities that it is worked out from: a list, or a formula such as "a - b".'),
    "opening": Key(_word(v.Opening), "none: it started empty while stock was there already. Default booked."),
    "tolerates": Key(DURATION, "How far behind it may be before somebody minds."),
    "buffer": Key(NUMBER, "Units that it shows less on purpose."),
    "integer_only": Key(FLAG, "Whether it can hold whole numbers only."),
    "share": Key(_word(v.Share), "own: it counts only events that happen in this system. Default all."),
}

_ITEM_KEY = {
    "field": Key(TEXT, "The field by which it knows an item.", required=True),
    "may_change": Key(FLAG, "Whether the key of an item can change later."),
    "normalise": Key(_list_of(Kind("word", v.words(v.Normalisation))), "What is done to a key before it is compared."),
}

_ALLOCATES = {
    "quota": Key(CELL, "The cell that holds the share of stock it may sell."),
    "backorders": Key(FLAG, "Whether it may sell what is not there."),
}

_ORIGIN_FACTS = {
    "applies": Key(QUANTITIES, "The quantities of this system that the event is applied to; all it moves by default."),
    "as_of": Key(FLAG, "Whether a count states the moment it is true for."),
    "frozen": Key(FLAG, "Whether stock stands still while it is counted."),
}

_EVENT = {
    "at": Key(
        Value(scalar=_PLACE, items=_ORIGIN, entries=_table("origin")),
        "The system in which it happens first; several are alternatives.",
        required=True,
    ),
    "effects": Key(_map_of(_EFFECT, _QUANTITY), "Own events only: what one unit of it does to each quantity."),
    "undoes": Key(NAME, "Own events only: the event that it takes back."),
    "per_1000_orders": Key(NUMBER, "How often it happens."),
    "as_of": _ORIGIN_FACTS["as_of"],
    "frozen": _ORIGIN_FACTS["frozen"],
    "notes": Key(TEXT, "Anything a reader should know."),
}

_PATH = {
    "id": Key(ID, "Name of the write path.", required=True),
    "from": Key(PLACE, "The system whose change it carries.", required=True),
    "via": Key(
        Value(scalar=_NAME, items=_RELAY, entries=_table("hop")),
        "Relays that it passes, each with facts of its own hop.",
    ),
    "to": Key(PLACE, "The system that it writes into.", required=True),
    "events": Key(NAMES, "Business events that make it fire."),
    "fires_for": Key(NAMES, "Changes that it fires for: local ones, or those brought by the paths named."),
    "enabled": Key(FLAG, "false: it is switched off. Default true."),
    "trigger": Key(_word(v.Trigger), "What sets it off."),
    "payload": Key(_word(v.Payload), "Whether it carries a change, a whole value, or a hint to fetch one."),
    "op": Key(_word(v.Op), "What is done at the target."),
    "base": Key(_word(v.BaseOfSet), "Where a set takes its number from."),
    "fires_on": Key(_word(v.FiresOn), "write: it fires also when a write changes nothing. Default change."),
    "maps": Key(
        Value(
            entries=Value(scalar=Kind("quantity"), table="mapping", null=True),
            names=_QUANTITY,
        ),
        "Source quantity to target quantity; null: it reaches the seam and is dropped there.",
    ),
    "poll": Key(_table("poll", Kind("duration")), "How it asks the source."),
    "schedule": Key(_table("schedule", Kind("duration")), "When it runs."),
    "only_if_changed": Key(FLAG, "Whether it sends a value only if it differs from the last one sent."),
    "batch": Key(_table("batch", Kind("count")), "How many items travel together, and what one bad item does."),
    "fields": Key(
        Value(entries=Value(scalar=_TEXT, table="field", null=True), names=_TEXT),
        "Other fields that the target needs; null: dropped.",
    ),
    "on_unmapped": Key(_word(v.OnUnmapped), "What the target does when a needed field is missing."),
    "delivery": Key(_word(v.Delivery), "How often a message arrives."),
    "on_missing_record": Key(_word(v.OnMissingRecord), "What happens to an item that the message does not name."),
    "order": Key(_word(v.Order), "Whether messages arrive in the order in which they were sent."),
    "concurrency": Key(_word(v.Concurrency), "What keeps two writes at the target apart."),
    "dedupe": Key(_table("dedupe", _NONE), "How the consumer recognises a repetition, or none."),
    "guard": Key(_word(v.Guard), "What refuses a write that is out of date."),
    "ack": Key(_word(v.Ack), "When the consumer says that it has the message."),
    "atomic_with": Key(NAMES, "Paths that are written in one transaction with it."),
    "retry": Key(_table("retry", _NONE), "What the sender does after a failed attempt, or none."),
    "dead_letter": Key(_table("dead_letter", _NONE), "Where messages go whose retries have ended, or none."),
    "lane": Key(_table("lane", _TEXT), "The queue in which its messages wait."),
    "limits": Key(_table("limits"), "What the target takes."),
    "origin_tag": Key(FLAG, "Whether a message that came from the target is recognised and not sent back."),
    "handoff": Key(_word(v.HandoffStep), "How the change becomes a message."),
    "only": Key(TEXTS, "Classes of instances that it carries."),
    "except": Key(TEXTS, "Classes of instances that it leaves out."),
    "location": Key(TEXT, "The place where its writes land."),
    "per": Key(_word(v.Per), "What one message is about."),
    "clamp_at_zero": Key(FLAG, "Whether the target stops at zero. Default false."),
    "read_at": Key(_word(v.ReadAt), "Whether the value is read before or after the change is committed."),
    "expires_after": Key(Value(scalar=Kind("duration", ("never",))), "How long a reservation stands."),
    "amount_from": Key(CELL, "The cell that the amount of an undo is taken from."),
    "subscription": Key(_table("subscription"), "Whether the source may switch the subscription off."),
    "latency": Key(DURATION, "How long a message is under way, at most in ordinary times."),
    "owner": Key(TEXT, "The team to ask about it."),
    "version": Key(_table("version", _TEXT), "Version of the API or schema that it speaks."),
    "observed_at": Key(Value(scalar=Kind("date")), "When somebody last saw it at work."),
    "handler": Key(TEXT, "The piece of code that does it, where one application has several."),
    "items": Key(TEXTS_OR_ALL, "Item classes that it covers; all by default."),
    **_STATE_GUARDS,
    "notes": Key(TEXT, "Anything a reader should know."),
}

_HOP = {
    "system": Key(PLACE, "The relay.", required=True),
    "delivery": _PATH["delivery"],
    "latency": _PATH["latency"],
    "dedupe": _PATH["dedupe"],
}

_MAPPING = {
    "to": Key(Value(scalar=_QUANTITY, null=True), "The target's quantity; null: dropped at the seam.", required=True),
    "unit_factor": Key(
        Value(scalar=Kind("factor", ("per_item",))),
        'What the amount is multiplied with: 12, "1/12", or per_item.',
    ),
    "rounding": Key(_word(v.Rounding), "What is done to a fraction."),
    "plus": Key(TERMS, "Quantities that are added."),
    "minus": Key(TERMS, "Quantities that are taken off."),
    "sign": Key(_word(v.Sign), "Whether the target counts the other way round."),
}

_FIELD = {
    "to": Key(Value(scalar=_TEXT, null=True), "The target's field; null: dropped."),
    "ignored": Key(TEXT, "Why it need not arrive."),
    "dropped": Key(FLAG, "Whether it is lost on the way."),
    "key": Key(FLAG, "Whether the target needs it to apply the write at all."),
}

_DEDUPE = {
    "key": Key(TEXTS, "The fields by which a repetition is recognised."),
    "retention": Key(Value(scalar=Kind("duration", ("forever",))), "How long keys are remembered."),
    "stable_across_retries": Key(FLAG, "Whether a retry carries the same key as the first attempt."),
    "unique_per_effect": Key(FLAG, "Whether two different effects never share a key."),
    "ledger": Key(TEXT, "Name of the key store; two paths that name the same one share it."),
    "scope": Key(_word(v.LedgerScope), "Who remembers: the consumer, or the API of the target."),
}

_RETRY = {
    "max_attempts": Key(Value(scalar=Kind("count", ("unlimited",))), "How many attempts are made."),
    "every": Key(DURATION, "Time between attempts."),
    "backoff": Key(TEXT, "How the time between attempts grows."),
    "jitter": Key(TEXT, "How attempts are spread."),
    "horizon": Key(DURATION, "How long attempts go on."),
}

_DEAD_LETTER = {
    "to": Key(TEXT, "Where they go."),
    "monitored": Key(FLAG, "Whether somebody is told."),
    "replay": Key(_word(v.Replay), "How they get back."),
    "alert_within": Key(DURATION, "How soon somebody is told."),
}

_BATCH = {
    "size": Key(COUNT, "Items in one message."),
    "on_item_error": Key(_word(v.OnItemError), "What one bad item does to the others."),
}

_RECURRING = {
    "every": Key(DURATION, "Time between two runs."),
    "covers": Key(_word(v.Covers), "What one run sends: everything, or what has changed."),
}

_SCHEDULE = {
    **_RECURRING,
    "time_zone": Key(TEXT, "Time zone of its times."),
    "cutoff": Key(TEXT, "Time of day up to which changes are taken along."),
}

_POLL = {
    **_RECURRING,
    "watermark": Key(_word(v.Watermark), "What marks how far it has read."),
    "lookback": Key(DURATION, "How far it reads again behind the mark."),
    "advance_on": Key(_word(v.AdvanceOn), "When the mark moves on."),
    "page_size": Key(COUNT, "Records in one answer."),
    "follows_pages": Key(FLAG, "Whether it asks for the pages after the first."),
    "granularity": Key(DURATION, "The finest step of the mark."),
    "bounds_time_zone": Key(TEXT, "Time zone of the bounds that it asks with."),
}

_LIMITS = {
    "requests_per_s": Key(NUMBER, "Requests that the target takes in a second."),
    "p99_latency": Key(DURATION, "Time within which 99 of 100 requests are answered."),
    "backlog_growth_per_hour": Key(NUMBER, "Messages by which the backlog grows in an hour."),
}

_LANE = {
    "name": Key(TEXT, "Name of the queue."),
    "concurrency": Key(COUNT, "Messages that are worked on at a time."),
    "shared": Key(FLAG, "Whether other traffic waits in the same queue."),
}

_SUBSCRIPTION = {
    "lapses_after_failures": Key(
        Value(scalar=Kind("count", ("true", "false"))), "Failures after which the source switches it off."
    ),
    "monitored": Key(FLAG, "Whether somebody is told when it is switched off."),
    "backstop": Key(NAME, "The path that catches up what it misses, or none."),
}

_VERSION = {
    "pins": Key(TEXT, "The version that it asks for."),
    "supported_until": Key(Value(scalar=Kind("date")), "The day after which that version is no longer served."),
}

_CONTROL = {
    "id": Key(ID, "Name of the control.", required=True),
    "kind": Key(
        Value(scalar=Kind("word", v.words(v.ControlKind), literal=True)),
        "gate: checked at the moment of allocation; reconciliation: compares two cells.",
        required=True,
    ),
    "at": Key(PLACE, "Where a gate stands: a system, an event, order or fulfilment."),
    "reads": Key(CELL, "The cell that a gate looks at."),
    "compare": Key(_table("compare"), "The two cells that a reconciliation compares."),
    "every": Key(DURATION, "Time between two runs."),
    "scope": Key(_word(v.ControlScope), "How much is looked at."),
    "measure": Key(_word(v.Measure), "Whether cells are compared one by one, or totals."),
    "on_mismatch": Key(_word(v.OnMismatch), "What a difference leads to."),
    "corrects": Key(CELL, "The cell that a correction writes to; the mirror by default."),
    "settle": Key(DURATION, "How long a difference must stand before it counts."),
    "aligned_as_of": Key(FLAG, "Whether both sides are read as of the same moment."),
    "last_success_monitored": Key(FLAG, "Whether somebody is told when a run fails or does not happen."),
    "survives_restart": Key(FLAG, "Whether it goes on after a restart."),
    "owner": Key(TEXT, "The team that acts on it."),
    "notes": Key(TEXT, "Anything a reader should know."),
}

_COMPARE = {
    "authority": Key(CELL, "The cell that is taken for right."),
    "mirror": Key(CELL, "The cell that is held against it."),
}

_WAIVER = {
    "rule": Key(Value(scalar=Kind("text", literal=True)), "Code or slug of the rule.", required=True),
    "subject": Key(
        Value(scalar=Kind("text", literal=True)),
        "What the finding is about: a path, a cell, a control.",
        required=True,
    ),
    "reason": Key(TEXT, "Why it is lived with."),
    "owner": Key(TEXT, "Who has decided so."),
    "ticket": Key(TEXT, "Where it is tracked."),
    "until": Key(Value(scalar=Kind("day")), "The day on which it ends."),
}

_QUANTITY_FACTS = {
    "meaning": Key(_word(v.Meaning), "What its number is: a count, money, or a flag with states."),
    "formula": Key(Value(scalar=Kind("formula")), 'How it follows from others, such as "a - b".'),
    "notes": Key(TEXT, "Anything a reader should know."),
}

TABLES: Final[dict[str, Table]] = {
    "file": Table("a topology file", _FILE),
    "system": Table("a system", _SYSTEM),
    "holding": Table("a held quantity", _HOLDING),
    "item_key": Table("an item key", _ITEM_KEY),
    "allocates": Table("`allocates`", _ALLOCATES),
    "event": Table("an event", _EVENT),
    "origin": Table("a system under `at`", _ORIGIN_FACTS),
    "effect": Table("an effect", {"set": Key(TEXT, "The word that is written into the flag quantity.", required=True)}),
    "path": Table("a write path", _PATH),
    "hop": Table("a relay under `via`", _HOP),
    "mapping": Table("a mapped quantity", _MAPPING),
    "field": Table("a mapped field", _FIELD),
    "dedupe": Table("`dedupe`", _DEDUPE),
    "retry": Table("`retry`", _RETRY),
    "dead_letter": Table("`dead_letter`", _DEAD_LETTER),
    "batch": Table("`batch`", _BATCH),
    "schedule": Table("`schedule`", _SCHEDULE),
    "poll": Table("`poll`", _POLL),
    "limits": Table("`limits`", _LIMITS),
    "lane": Table("`lane`", _LANE),
    "subscription": Table("`subscription`", _SUBSCRIPTION),
    "version": Table("`version`", _VERSION),
    "control": Table("a control", _CONTROL),
    "compare": Table("`compare`", _COMPARE),
    "waiver": Table("a waiver", _WAIVER),
    "quantity": Table("an own quantity", _QUANTITY_FACTS),
}
"""Every kind of table that a file can hold."""
