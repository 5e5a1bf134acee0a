"""One file's nodes become entries with their facts; each short form says what its long form says."""

from __future__ import annotations

from fractions import Fraction
from textwrap import dedent, indent
from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.model import (
    Batch,
    Cell,
    DeadLetter,
    Dedupe,
    FieldMapping,
    Hop,
    ItemKey,
    Lane,
    Origin,
    Poll,
    QuantityMapping,
    Retry,
    Schedule,
    Subscription,
    Term,
)  # fmt: skip
from handoffmap.reading.formula import parse_formula
from handoffmap.reading.interpret import interpret
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.parse import parse
from handoffmap.text.source import Source
from handoffmap.text.suggest import Suggester, closest
from handoffmap.vocabulary import BUILT_IN_EVENTS, Effect

if TYPE_CHECKING:
    from handoffmap.model import Event, System, WritePath
    from handoffmap.reading.interpret import RawTopology
    from handoffmap.text.node import Node
    from handoffmap.text.problem import Problem


def read(text: str) -> tuple[RawTopology, list[Problem]]:
    source = Source("map.yaml", dedent(text))
    root, problems = parse(source)
    assert root is not None, problems
    assert not problems
    return interpret(root, source)


def understood(text: str) -> RawTopology:
    raw, problems = read(f"handoffmap: 1\n{dedent(text)}")
    assert [problem.message for problem in problems] == []
    return raw


def path(facts: str) -> WritePath:
    text = "write_paths:\n- id: p\n  from: a\n  to: b\n" + indent(dedent(facts), "  ")
    return understood(text).write_paths["p"]


def system(facts: str) -> System:
    return understood("systems:\n  s:\n    kind: wms\n" + indent(dedent(facts), "    ")).systems["s"]


def event(text: str, name: str = "order_captured") -> Event:
    return understood(f"events:\n  {name}: {text}").events[name]


# -- three-valued facts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        *("delivery", "order", "guard", "dedupe", "retry", "dead_letter", "origin_tag", "latency", "maps"),
        *("events", "limits", "schedule", "only", "amount_from", "payload", "items", "observed_at"),
        *("expires_after", "batch", "accepts_when"),
    ],
)
@pytest.mark.parametrize("nothing", ["", "unknown", '"unknown"', "~", "null"])
def test_unknown_and_empty_say_what_leaving_out_says(key: str, nothing: str) -> None:
    stated = path(f"{key}: {nothing}")
    assert stated._replace(place=None) == path("")._replace(place=None)  # type: ignore[arg-type]
    assert key not in stated.stated


def test_the_word_none_is_known() -> None:
    known = path("dedupe: none\nretry: none\ndead_letter: none\nguard: none\norder: none")
    assert (known.dedupe, known.retry, known.dead_letter, known.guard, known.order) == ("none",) * 5
    assert {"dedupe", "retry", "guard"} <= known.stated


def test_empty_lists_and_mappings_are_known() -> None:
    assert path("events: []").events == ()
    assert path("maps: {}").maps == {}
    assert path("only: []").only == ()
    assert system("holds: {}").holds == {}
    assert "holds" in system("holds: []").stated
    assert "holds" not in system("holds:").stated
    assert understood("controls: []").controls == {}
    assert understood("controls:").controls is None
    assert understood("controls: unknown").controls is None
    assert understood("name: x").controls is None


@pytest.mark.parametrize("nothing", ["unknown", '"unknown"', "~", "null"])
@pytest.mark.parametrize(
    "key", ["events: [a, {}]", "only: [{}, b2b]", "fires_for: [{}]", "items: [a, {}]", "dedupe: {{key: [id, {}]}}"]
)
def test_a_list_with_an_unknown_in_it_is_unknown_as_a_whole(key: str, nothing: str) -> None:
    """What else may be on it nobody has said, and a list says all that there is."""
    stated, name = path(key.format(nothing)), key.partition(":")[0]
    if name == "dedupe":
        assert stated.dedupe == Dedupe()
    else:
        assert getattr(stated, name) is None
        assert name not in stated.stated


def test_the_word_unknown_is_a_name_where_a_name_is_wanted() -> None:
    raw = understood("write_paths: [{id: unknown, from: unknown, to: unknown}]")
    assert raw.write_paths["unknown"].source == "unknown"
    assert event("{at: unknown}").origins == (Origin("unknown"),)
    _, problems = read("handoffmap: 1\nsystems: {s: {kind: unknown}}")
    assert [problem.slug for problem in problems] == ["unknown-word"]


def test_defaults_stand_where_the_file_says_unknown() -> None:
    stated = path("enabled: unknown\nclamp_at_zero:\nfires_on: unknown")
    assert (stated.enabled, stated.clamp_at_zero, stated.fires_on) == (True, False, "change")


# -- write paths -------------------------------------------------------------------------------------------


def test_maps_tell_a_drop_from_an_unknown() -> None:
    maps = path("maps: {a: null, b: ~, c: , d: unknown, e: f, g: {to: null}, h: {to: unknown}}").maps
    dropped = QuantityMapping(None)
    assert maps == {
        "a": dropped, "b": dropped, "c": None, "d": None, "e": QuantityMapping("f"), "g": dropped, "h": None,
    }  # fmt: skip


def test_maps_with_factor_rounding_terms_and_sign() -> None:
    maps = path(
        """
        maps:
          a: {to: a, unit_factor: 12, rounding: down}
          b: {to: b, unit_factor: "1/12", sign: negated}
          c: {to: c, unit_factor: per_item, plus: [x, erp.y], minus: z}
          d: {to: d, unit_factor: 0.5}
        """
    ).maps
    assert maps == {
        "a": QuantityMapping("a", unit_factor=Fraction(12), rounding="down"),
        "b": QuantityMapping("b", unit_factor=Fraction(1, 12), sign="negated"),
        "c": QuantityMapping(
            "c",
            unit_factor="per_item",
            plus=(Term(None, "x", 1), Term("erp", "y", 1)),
            minus=(Term(None, "z", -1),),
        ),
        "d": QuantityMapping("d", unit_factor=Fraction(1, 2)),
    }


def test_fields() -> None:
    fields = path(
        """
        fields:
          a: A
          b: null
          c: {ignored: it is only shown}
          d: {dropped: true, key: true}
          e:
          f: {key: true}
          g: {to: G, key: true}
          h: {to: null}
        """
    ).fields
    assert fields == {
        "a": FieldMapping("A"),
        "b": FieldMapping(dropped=True),
        "c": FieldMapping(ignored="it is only shown"),
        "d": FieldMapping(dropped=True, key=True),
        "e": None,
        "f": None,
        "g": FieldMapping("G", key=True),
        "h": FieldMapping(dropped=True),
    }


@pytest.mark.parametrize(
    "written, field, value",
    [
        ("events: order_captured", "events", ("order_captured",)),
        ("only: b2b", "only", ("b2b",)),
        ("except: [b2b, eu]", "except_", ("b2b", "eu")),
        ("items: all", "items", None),
        ("items: kits", "items", ("kits",)),
        ("batch: 100", "batch", Batch(size=100)),
        ("schedule: 24h", "schedule", Schedule(every=Fraction(86400))),
        ("poll: {every: 15m, covers: full}", "poll", Poll(every=Fraction(900), covers="full")),
        ("lane: bulk", "lane", Lane(name="bulk")),
        ("dedupe: {key: id, retention: forever}", "dedupe", Dedupe(key=("id",), retention="forever")),
        ("dedupe: {}", "dedupe", Dedupe()),
        ("retry: {max_attempts: unlimited}", "retry", Retry(max_attempts="unlimited")),
        ("retry: {max_attempts: 8, horizon: 4h}", "retry", Retry(max_attempts=8, horizon=Fraction(14400))),
        ("dead_letter: {to: a queue, replay: auto}", "dead_letter", DeadLetter(to="a queue", replay="auto")),
        ("subscription: {lapses_after_failures: true}", "subscription",
         Subscription(lapses_after_failures=True)),
        ("subscription: {lapses_after_failures: 8, backstop: none}", "subscription",
         Subscription(lapses_after_failures=8, backstop="none")),
        ("expires_after: never", "expires_after", "never"),
        ("latency: 500ms", "latency", Fraction(1, 2)),
        ("version: 2026-04", "version", "2026-04"),
        ("amount_from: wms.allocated", "amount_from", Cell("wms", "allocated")),
        ("guard: cas_opted_out", "guard", "cas_opted_out"),
        ("accepts_when: {state: [open, new]}", "accepts_when", {"state": ("open", "new")}),
        ("refused_when: {state: closed}", "refused_when", {"state": ("closed",)}),
        ("observed_at: 2026-11-02", "observed_at", "2026-11-02"),
    ],
)  # fmt: skip
def test_short_and_long_forms(written: str, field: str, value: Any) -> None:
    assert getattr(path(written), field) == value


def test_a_pinned_version_keeps_its_date() -> None:
    pinned = path("version: {pins: 2026-04, supported_until: 2027-04-01}")
    assert (pinned.version, pinned.supported_until) == ("2026-04", "2027-04-01")


@pytest.mark.parametrize("op", ["adjust", "reserve", "release", "append", "move"])
def test_ops_that_add_carry_deltas(op: str) -> None:
    assert (path(f"op: {op}").payload, path(f"op: {op}").payload_inferred) == ("delta", True)


@pytest.mark.parametrize("op", ["set", "cas"])
def test_ops_that_write_carry_states(op: str) -> None:
    assert (path(f"op: {op}").payload, path(f"op: {op}").payload_inferred) == ("state", True)


def test_a_stated_payload_is_not_inferred() -> None:
    stated = path("op: set\npayload: delta")
    assert (stated.payload, stated.payload_inferred) == ("delta", False)
    assert "payload" not in path("op: set").stated


# -- relays ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "via",
    ["via: r", "via: [r]", "via: {r: }", "via: [{system: r}]", "via: [{r: {}}]", "via: [{r: }]"],
)
def test_relays_by_name(via: str) -> None:
    assert path(via).via == (Hop("r"),)


@pytest.mark.parametrize(
    "via",
    [
        "via: [{system: r, delivery: at_most_once, latency: 2s}]",
        "via: {r: {delivery: at_most_once, latency: 2s}}",
        "via: [{r: {delivery: at_most_once, latency: 2s}}]",
    ],
)
def test_relays_with_facts_of_their_hop(via: str) -> None:
    stated = path(f"{via}\ndelivery: exactly_once_effect\nlatency: 30s")
    assert stated.via == (Hop("r", delivery="at_most_once", latency=Fraction(2)),)
    assert stated.delivery == "at_most_once"
    assert stated.latency == 32


def test_hops_fold_in_only_what_they_state() -> None:
    stated = path("via: [{system: r, latency: 2s}, s]")
    assert stated.delivery is None
    assert stated.latency is None  # the other hop takes some time too
    assert path("via: [{system: r, latency: 2s}, {system: s, latency: 3s}]").latency == 5
    assert path("via: [{system: r, delivery: at_least_once}]").delivery == "at_least_once"


def test_the_dedupe_nearest_to_the_target_counts() -> None:
    hops = "via: [{system: r, dedupe: none}, {system: s, dedupe: {ledger: x}}]"
    assert path(hops).dedupe == Dedupe(ledger="x")
    assert path(f"{hops}\ndedupe: none").dedupe == "none"


# -- systems -----------------------------------------------------------------------------------------------


def test_holds_as_a_list_a_mapping_and_with_roles() -> None:
    assert list(system("holds: [on_hand, available]").holds) == ["on_hand", "available"]
    held = system("holds: {on_hand: authoritative, available: , allocated: {role: mirror, unit: each}}").holds
    assert [holding.role for holding in held.values()] == ["authoritative", None, "mirror"]
    assert held["allocated"].unit == "each"


def test_facts_of_a_holding() -> None:
    held = system(
        "holds: {available: {derived_from: on_hand - allocated, opening: none, tolerates: 24h, buffer: 2.5,"
        " share: own,"
        " locations: all, statuses: [sellable]}, on_hand: {derived_from: [a, erp.b], locations: main}}"
    ).holds
    assert held["available"].derived_from == (Term(None, "on_hand", 1), Term(None, "allocated", -1))
    assert (held["available"].opening, held["available"].tolerates) == ("none", Fraction(86400))
    assert (held["available"].buffer, held["available"].share) == (Fraction(5, 2), "own")
    assert (held["available"].locations, held["available"].statuses) == ("all", ("sellable",))
    assert held["on_hand"].derived_from == (Term(None, "a", 1), Term("erp", "b", 1))
    assert held["on_hand"].locations == ("main",)


def test_allocates() -> None:
    assert system("").allocates is None
    assert system("allocates: false").allocates is False
    quota = system("allocates: {quota: wms.available}")
    assert (quota.allocates, quota.quota, quota.backorders) == (True, Cell("wms", "available"), None)
    assert system("allocates: {backorders: true}").backorders is True
    assert system("allocates: {quota: wms.available}").stated == {"kind", "allocates"}


def test_item_keys() -> None:
    assert system("item_key: sku").item_key == ItemKey("sku")
    key = system("item_key: {field: sku, may_change: true, normalise: trim}").item_key
    assert key == ItemKey("sku", may_change=True, normalise=("trim",))


def test_kinds_and_a_list_of_systems() -> None:
    raw = understood("systems: [{id: a, kind: erp}, {id: b, kind: [oms, wms]}]")
    assert [each.kinds for each in raw.systems.values()] == [("erp",), ("oms", "wms")]


def test_numbers_that_are_names_stay_what_was_written() -> None:
    assert system("item_key: 0017\nnotes: 12:30:45\ntime_zone: 1_000").item_key == ItemKey("0017")
    assert list(understood("systems: {007: {kind: wms}, on: {kind: erp}}").systems) == ["007", "on"]


# -- events ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["wms", "[wms]", "{wms: }", "{wms: {}}", "[{wms: }]"])
def test_where_an_event_happens(at: str) -> None:
    assert event(f"{{at: {at}}}").origins == (Origin("wms"),)


@pytest.mark.parametrize(
    "at", ["[unknown]", "['unknown']", "[wms, unknown]", "[~]", "[wms, ~]", "[[wms]]", "[]", "{}", "", "~"]
)
def test_where_an_event_happens_has_to_be_stated(at: str) -> None:
    """An event whose origin is not known cannot be followed: nothing could be said of it."""
    _, problems = read(f"handoffmap: 1\nevents: {{order_captured: {{at: {at}}}}}")
    assert problems
    assert {problem.slug for problem in problems} <= {"wrong-type", "missing-key"}


def test_narrowed_origins() -> None:
    found = event("{at: {wms: {applies: [on_hand], as_of: true}, erp: }, frozen: true}", "cycle_counted")
    assert found.origins == (
        Origin("erp", frozen=True), Origin("wms", applies=("on_hand",), as_of=True, frozen=True),
    )  # fmt: skip


def test_built_in_events_bring_their_meaning() -> None:
    voided = event("{at: wms}", "shipment_voided")
    assert voided.effects is BUILT_IN_EVENTS["shipment_voided"]
    assert (voided.undoes, voided.built_in) == ("shipment_confirmed", True)


def test_own_events_state_theirs() -> None:
    own = event("{at: wms, effects: {a: 1, b: -2, c: set, d: {set: open}, e: 0}, undoes: x}", "crate_moved")
    assert own.effects == {
        "a": Effect("fixed", 1),
        "b": Effect("fixed", -2),
        "c": Effect("set", 1),
        "d": Effect("flag", 1, "open"),
    }
    assert (own.undoes, own.built_in) == ("x", False)
    assert event("{at: wms, effects: {}}", "crate_seen").effects == {}


# -- the file ----------------------------------------------------------------------------------------------


def test_the_rest_of_the_file() -> None:
    raw = understood(
        """
        name: A map
        complete: false
        volume: {orders_per_month: 5000, margin: 0.4, something_of_ours: 3}
        quantities: {crates: count, free: {formula: on_hand - allocated}, odd: }
        waivers: [{rule: HM201, subject: order-to-wms, until: 2026-12-31}]
        controls:
          gate: {kind: gate, at: fulfilment, reads: wms.available}
        """
    )
    assert (raw.name, raw.complete) == ("A map", False)
    assert raw.volume == {"orders_per_month": 5000, "margin": Fraction(2, 5), "something_of_ours": 3}
    assert [own.meaning for own in raw.quantities.values()] == ["count", None, None]
    assert raw.quantities["free"].formula == (Term(None, "on_hand", 1), Term(None, "allocated", -1))
    assert [(waiver.rule, waiver.until) for waiver in raw.waivers] == [("HM201", "2026-12-31")]
    assert raw.controls is not None
    assert raw.controls["gate"].reads == Cell("wms", "available")


def test_entries_know_where_they_stand() -> None:
    raw = understood("systems:\n  'wms': {kind: wms}\nwrite_paths:\n- id: p\n  from: a\n  to: b\n  dedupe: {key: [x]}")
    at = raw.systems["wms"].place.at()
    assert (at.line, at.column, at.end_column) == (3, 3, 8)  # with its quotes
    place = raw.write_paths["p"].place
    assert (place.at().line, place.at().column, place.at().end_column) == (5, 7, 8)
    assert (place.at("to").column, place.at("to").end_column) == (3, 8)  # key and value
    key = place.at("dedupe", "key")
    assert (key.line, key.column, key.end_column) == (8, 12, 15)  # a list: the key alone
    assert place.at("dedupe", "retention") == place.at("dedupe")  # what is left out is where it would stand
    assert place.at("retry", "horizon") == place.at()


def test_the_same_stated_keys_are_one_object() -> None:
    raw = understood("write_paths: [{id: p, from: a, to: b}, {id: q, from: a, to: b}]")
    assert raw.write_paths["p"].stated is raw.write_paths["q"].stated
    assert raw.write_paths["p"].stated == {"id", "from", "to"}


def test_included_files_need_not_state_the_version() -> None:
    source = Source("part.yaml", "name: part")
    root, _ = parse(source)
    assert isinstance(root, Table)
    assert interpret(root, source, included=True)[1] == []
    assert [problem.slug for problem in interpret(root, source)[1]] == ["missing-key"]


@pytest.mark.parametrize("root", [Scalar(0, "text", plain=True), Items(0)])
def test_a_root_that_is_no_mapping(root: Node) -> None:
    _, problems = interpret(root, Source("map.yaml", "text"))
    assert [problem.slug for problem in problems] == ["wrong-type"]


# -- formulas and suggestions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, told",
    [
        ("a", "+a"),
        ("a - b", "+a-b"),
        ("a -b", "+a-b"),
        ("a + b - wms.c", "+a+b-wms.c"),
        ("-a + b", "-a+b"),
        ("safety-stock + b", "+safety-stock+b"),
        ("a \N{MINUS SIGN} b", "+a-b"),
        ("3pl.on_hand", "+3pl.on_hand"),
    ],
)
def test_formulas(text: str, told: str) -> None:
    terms = parse_formula(text)
    assert terms is not None
    signs = {1: "+", -1: "-"}
    assert "".join(f"{signs[t.sign]}{t.system + '.' if t.system else ''}{t.quantity}" for t in terms) == told


@pytest.mark.parametrize("text", ["", " ", "a b", "a +", "a - - b", "2 * a", "a.b.c", "(a)", "+"])
def test_no_formulas(text: str) -> None:
    assert parse_formula(text) is None


@pytest.mark.parametrize(
    "written, meant",
    [
        ("at_lest_once", "at_least_once"),
        ("At-Least-Once", "at_least_once"),
        ("exactly once effect", "exactly_once_effect"),
        ("never mind", None),
        ("", None),
        ("x" * 500, None),
    ],
)
def test_suggestions(written: str, meant: str | None) -> None:
    assert closest(written, ("at_most_once", "at_least_once", "exactly_once_effect")) == meant


def test_suggestions_for_truths() -> None:
    assert [closest(word, ("true", "false")) for word in ("yes", "On", "no", "OFF")] == [
        "true",
        "true",
        "false",
        "false",
    ]


def test_suggestions_end_when_there_are_too_many_errors() -> None:
    suggest = Suggester()
    words = tuple(f"system_{number}" for number in range(10_000))
    assert suggest("system_1_", words) is not None
    for number in range(10):
        suggest(f"sistem_{number}", words)
    assert suggest("system_2_", words) is None
    assert suggest("system_1_", words) is not None  # remembered
