"""Files become one topology: includes are followed and merged, and every name has to lead somewhere."""

from __future__ import annotations

import gc
from fractions import Fraction
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from handoffmap.model import Retry
from handoffmap.reading.load import MAX_INCLUDE_DEPTH, load
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from handoffmap.model import Topology
    from handoffmap.text.problem import Problem

ROOT = Path(__file__).parents[2]


def from_text(text: str) -> tuple[Topology | None, list[Problem]]:
    return load(Source("map.yaml", f"handoffmap: 1\n{dedent(text)}"))


def valid(text: str) -> Topology:
    topology, problems = from_text(text)
    assert [problem.message for problem in problems] == []
    assert topology is not None
    return topology


def messages(text: str) -> list[str]:
    topology, problems = from_text(text)
    assert topology is None
    assert {problem.slug for problem in problems} == {"dangling-reference"}
    return [problem.message for problem in problems]


def files(folder: Path, **texts: str) -> Path:
    """Write files (`parts__b` is parts/b.yaml); gives the path of `root`."""
    for name, text in texts.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), "utf-8")
    return folder / "root.yaml"


# -- the bundled maps --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(ROOT.joinpath("topologies").glob("*.yaml")), ids=lambda path: path.stem)
def test_bundled_topologies_load(path: Path) -> None:
    topology, problems = load(path)
    assert problems == []
    assert topology is not None
    assert topology.file == str(path)
    assert topology.name


def test_three_handoffs() -> None:
    topology, _ = load(ROOT / "topologies" / "three_handoffs.yaml")
    assert topology is not None
    assert set(topology.systems) == {"storefront", "wms", "erp", "threepl", "ipaas"}
    receipt = topology.write_paths["receipt-to-wms"]
    assert receipt.maps is not None
    dropped = receipt.maps["on_hand"]
    assert dropped is not None
    assert dropped.to is None
    assert receipt.payload == "delta"
    line = receipt.place.source.snippet(receipt.place.at("maps", "on_hand").line)
    assert "null" in line


# -- include -----------------------------------------------------------------------------------------------


def test_included_files_are_merged_and_their_entries_kept_in_the_order_of_ids(tmp_path: Path) -> None:
    root = files(
        tmp_path,
        root="""
            handoffmap: 1
            name: whole
            include: [parts/systems.yaml, parts/more.yaml]
            volume: {orders_per_month: 5}
            write_paths: [{id: a, from: wms, to: erp}]
            """,
        parts__systems="systems: {wms: {kind: wms}}\ninclude: deeper/erp.yaml\nname: not this one",
        parts__deeper__erp="systems: {erp: {kind: erp}}\nvolume: {orders_per_month: 7, margin: 0.5}",
        parts__more="complete: false\ncontrols: []\nwrite_paths: [{id: b, from: erp, to: wms}]",
    )
    sources: dict[str, Source] = {}
    topology, problems = load(root, sources)
    assert problems == []
    assert topology is not None
    assert topology.name == "whole"
    assert topology.complete is False
    assert topology.controls == {}
    assert topology.volume == {"orders_per_month": 5, "margin": Fraction(1, 2)}
    # In whichever order entries are written: the same map gives the same bytes.
    assert list(topology.systems) == ["erp", "wms"]
    assert list(topology.write_paths) == ["a", "b"]
    parts = [f"{tmp_path}/{name}" for name in ("root", "parts/systems", "parts/deeper/erp", "parts/more")]
    assert [source.name for source in topology.sources] == [f"{part}.yaml" for part in parts]
    assert sorted(sources) == sorted(f"{part}.yaml" for part in parts)
    assert topology.systems["erp"].place.at().file == f"{parts[2]}.yaml"


def test_a_file_that_two_files_include_is_read_once(tmp_path: Path) -> None:
    root = files(
        tmp_path,
        root="handoffmap: 1\ninclude: [a.yaml, b.yaml]",
        a="include: common.yaml",
        b="include: ./common.yaml",
        common="systems: {wms: {kind: wms}}",
    )
    topology, problems = load(root)
    assert problems == []
    assert topology is not None
    assert len(topology.sources) == 4


def test_two_parts_may_not_state_a_figure_differently_unless_the_root_does(tmp_path: Path) -> None:
    parts = {
        "a": "volume: {orders_per_month: 5, margin: 0.5}",
        "b": "volume:\n  margin: 0.50\n  orders_per_month: 7",
    }
    root = files(tmp_path, root="handoffmap: 1\ninclude: [a.yaml, b.yaml]", **parts)
    _, (problem,) = load(root)
    assert (problem.slug, problem.location.line) == ("duplicate-id", 3)
    assert "`orders_per_month` of `volume` is stated twice, and differently: also in" in problem.message
    assert problem.other is not None
    assert (problem.other.file, problem.other.line) == (str(tmp_path / "a.yaml"), 1)
    root = files(tmp_path, root="handoffmap: 1\ninclude: [a.yaml, b.yaml]\nvolume: {orders_per_month: 6}", **parts)
    topology, problems = load(root)
    assert problems == []
    assert topology is not None
    assert topology.volume == {"orders_per_month": 6, "margin": Fraction(1, 2)}


@pytest.mark.parametrize(
    "section, entry",
    [
        ("systems", "{wms: {kind: wms}}"),
        ("events", "{stocktake: {at: [erp], effects: {on_hand: set}}}"),
        ("write_paths", "[{id: p, from: erp, to: erp}]"),
        ("controls", "[{id: c, kind: gate, at: order}]"),
        ("quantities", "{pallets: {meaning: count}}"),
    ],
)
def test_an_entry_of_two_parts_is_an_error_with_both_places(tmp_path: Path, section: str, entry: str) -> None:
    root = files(
        tmp_path,
        root="handoffmap: 1\ninclude: [teams/a.yaml, teams/b.yaml]\nsystems: {erp: {kind: erp}}",
        teams__a=f"{section}: {entry}",
        teams__b=f"# the other team\n{section}: {entry}",
    )
    _, problems = load(root)
    (problem,) = [problem for problem in problems if problem.slug == "duplicate-id"]
    assert (problem.location.file, problem.location.line) == (str(tmp_path / "teams" / "b.yaml"), 2)
    assert problem.other is not None
    assert (problem.other.file, problem.other.line) == (str(tmp_path / "teams" / "a.yaml"), 1)


def test_ids_are_unique_over_all_files(tmp_path: Path) -> None:
    root = files(
        tmp_path,
        root="handoffmap: 1\ninclude: b.yaml\nsystems:\n  wms: {kind: wms}",
        b="systems:\n  erp: {kind: erp}\n  wms: {kind: wms}",
    )
    _, (problem,) = load(root)
    assert (problem.slug, problem.location.line) == ("duplicate-id", 3)
    assert problem.location.file.endswith("b.yaml")
    assert problem.other is not None
    assert (problem.other.file, problem.other.line) == (str(root), 4)


def test_a_cycle_is_told_where_it_closes(tmp_path: Path) -> None:
    root = files(tmp_path, root="handoffmap: 1\ninclude: a.yaml", a="include: b.yaml", b="include: root.yaml")
    _, (problem,) = load(root)
    assert problem.message == "`root.yaml` in `include` leads back to a file that includes this one"
    assert problem.location.file.endswith("b.yaml")


def test_nothing_beyond_the_folder_of_the_map_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("systems: {x: {kind: wms}}")
    (tmp_path / "map" / "inner").mkdir(parents=True)
    (tmp_path / "map" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    root = files(
        tmp_path / "map",
        root=f"""
            handoffmap: 1
            include: [../secret.yaml, {tmp_path}/secret.yaml, link.yaml, inner/up.yaml,
              'C:\\x.yaml', "a\\0b", {"x" * 5000}]
            """,
        inner__up="include: [../fine.yaml, ../../secret.yaml]",
        fine="systems: {wms: {kind: wms}}",
    )
    topology, problems = load(root)
    assert topology is None
    assert [problem.message.split("` ", 1)[1] for problem in problems] == [
        "in `include` leads out of the folder of the map",
        "in `include` is an absolute path; name it relative to this file",
        "in `include` leads out of the folder of the map",
        "in `include` is an absolute path; name it relative to this file",
        "in `include` cannot be the name of a file",
        "in `include` cannot be the name of a file",
        "in `include` leads out of the folder of the map",
    ]


def test_standard_input_has_no_folder() -> None:
    _, (problem,) = from_text("include: a.yaml")
    assert "only a file on the disk" in problem.message


def test_a_long_chain_of_includes_ends(tmp_path: Path) -> None:
    for number in range(MAX_INCLUDE_DEPTH + 3):
        (tmp_path / f"f{number}.yaml").write_text(f"include: f{number + 1}.yaml")
    root = files(tmp_path, root="handoffmap: 1\ninclude: f0.yaml")
    _, (problem,) = load(root)
    assert "files deep" in problem.message


def test_problems_of_all_files_are_told_in_one_run(tmp_path: Path) -> None:
    root = files(
        tmp_path,
        root="""
            handoffmap: 1
            include: [broken.yaml, gone.yaml, b.yaml]
            systms: {}
            write_paths: [{id: a, from: x, to: b}]
            """,
        broken="name: 'no end",
        b="systems: {b: {kind: wsm}}",
    )
    topology, problems = load(root)
    assert topology is None
    assert [(Path(problem.location.file).name, problem.slug) for problem in problems] == [
        ("root.yaml", "dangling-reference"),
        ("root.yaml", "unknown-key"),
        ("root.yaml", "dangling-reference"),
        ("broken.yaml", "syntax"),
        ("b.yaml", "unknown-word"),
    ]


def test_a_root_that_cannot_be_read_is_a_problem_too(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.yaml", tmp_path):
        topology, (problem,) = load(path)
        assert topology is None
        assert (problem.slug, problem.location.file, problem.location.line) == ("syntax", str(path), 1)


# -- what has to be held, and what need not be -------------------------------------------------------------

STACK = """
systems:
  wms: {kind: wms, holds: [on_hand]}
  erp: {kind: erp, holds: [on_hand]}
  clerk: {kind: human}
  ipaas: {kind: middleware}
events:
  cycle_counted: {at: [erp, clerk]}
  order_captured: {at: clerk}
"""


def stack(write_path: str) -> str:
    return f"{STACK}\nwrite_paths:\n- {{id: p, {write_path}}}\n"


@pytest.mark.parametrize(
    "write_path",
    [
        "from: wms, to: erp, op: set, maps: {on_hand: on_hand}",
        "from: wms, to: erp, op: adjust, maps: {available: on_hand}",  # a delta names the event's effect
        "from: wms, to: erp, maps: {available: on_hand}",  # nobody knows what it carries
        "from: wms, to: ipaas, op: set, maps: {on_hand: available}",  # a relay holds nothing
        "from: wms, to: erp, op: set, base: target, maps: {available: on_hand}",
        "from: wms, to: erp, op: set, base: cached, maps: {available: on_hand}",
        "from: wms, to: erp, op: set, base: event, maps: {available: on_hand}",
        "from: wms, to: erp, op: set, maps: {on_hand: null}",
    ],
)
def test_maps_that_lead_somewhere(write_path: str) -> None:
    valid(stack(write_path))


def test_a_count_may_be_sent_from_where_it_happens() -> None:
    text = stack("from: erp, to: wms, events: [cycle_counted], op: set, maps: {available: on_hand}")
    assert messages(text) == ["`erp` holds no `available` whose state could be sent"]
    counted = text.replace("holds: [on_hand]}\n  clerk", "holds: [available]}\n  clerk").replace(
        "{available: on_hand}", "{on_hand: on_hand}"
    )
    valid(counted)


@pytest.mark.parametrize(
    "write_path, message",
    [
        ("from: wms, to: erp, maps: {on_hand: available}",
         "`erp` holds no `available` that `on_hand` could be mapped to"),
        ("from: wms, to: erp, maps: {onhand: on_hand}",
         "`onhand` in `maps` is neither a built-in quantity nor one under `quantities`"),
        ("from: wms, to: ipaas, maps: {on_hand: onhand}",
         "`onhand` in `maps` is neither a built-in quantity nor one under `quantities`"),
        ("from: wms, to: erp, op: cas, maps: {available: on_hand}",
         "`wms` holds no `available` whose state could be sent"),
        ("from: wms, to: erp, payload: notify_then_fetch, maps: {available: on_hand}",
         "`wms` holds no `available` whose state could be sent"),
        # a system that holds nothing has no number that could be sent, either
        ("from: clerk, to: erp, op: set, maps: {available: on_hand}",
         "`clerk` holds no `available` whose state could be sent"),
        ("from: ipaas, to: erp, op: set, maps: {on_hand: on_hand}",
         "`ipaas` holds no `on_hand` whose state could be sent"),
        ("from: wms, to: erp, events: [po_received]",
         "`po_received` is not listed under `events`, so it does not happen in this map"),
        ("from: wms, to: erp, amount_from: erp.allocated", "`erp` holds no `allocated`"),
    ],
)  # fmt: skip
def test_maps_that_lead_nowhere(write_path: str, message: str) -> None:
    assert messages(stack(write_path)) == [message]


def test_an_entry_that_cannot_be_used_is_one_error_and_not_two() -> None:
    _, problems = from_text(
        """
        systems: {wms: nonsense, erp: {kind: erp}}
        write_paths: [{id: a, from: wms}, {id: b, from: erp, to: wms, fires_for: [a]}]
        controls: [{id: c, kind: gate, reads: wms.on_hand}]
        """
    )
    assert [problem.slug for problem in problems] == ["wrong-type", "missing-key"]


def test_what_a_system_with_an_error_holds_is_not_judged_by() -> None:
    _, problems = from_text(
        """
        systems:
          wms: {kind: wms, holds: {on_hand: {rol: mirror}, on_hnd: }}
          erp: {kind: erp, holds: [available]}
        write_paths: [{id: b, from: erp, to: wms, op: adjust, maps: {available: available}}]
        """
    )
    assert [problem.slug for problem in problems] == ["unknown-key", "unknown-word"]


def test_part_of_may_be_a_free_name_and_own_quantities_count() -> None:
    topology = valid(
        """
        quantities: {crates: count, state: flag}
        systems:
          wms: {kind: wms, part_of: the suite, holds: [crates, state], accepts_when: {state: open}}
          erp: {kind: erp, holds: [crates], part_of: wms}
        events:
          crate_moved: {at: wms, effects: {crates: -1, state: {set: moved}}}
        write_paths:
          - {id: a, from: wms, to: erp, events: crate_moved, maps: {crates: crates}, fires_for: [local, b]}
          - {id: b, from: erp, to: wms, refused_when: {state: [closed]}, subscription: {backstop: none}}
          - {id: c, from: erp, to: wms, atomic_with: a}
        controls:
          - {id: g, kind: gate, at: crate_moved, reads: wms.crates}
          - {id: h, kind: gate, at: wms}
        """
    )
    assert set(topology.quantities) == {"crates", "state"}


# -- the catalogue -----------------------------------------------------------------------------------------

SHOP = """
systems:
  shop: {kind: storefront, product: Shopify Plus, holds: [available]}
  bc: {kind: storefront, product: bigcommerce, holds: [available]}
  wms: {kind: wms, holds: [available]}
events: {order_captured: {at: shop}}
write_paths:
- {id: p, from: shop, to: wms, %s}
"""


def test_the_catalogue_fills_in_what_the_file_leaves_out() -> None:
    path = valid(SHOP % "trigger: webhook, op: adjust").write_paths["p"]
    assert (path.delivery, path.order) == ("at_least_once", "none")
    assert path.retry == Retry(max_attempts=8, horizon=Fraction(4 * 3600))
    assert set(path.from_catalogue) == {"delivery", "order", "retry"}
    assert path.from_catalogue["delivery"].source.startswith("https://")
    assert "delivery" not in path.stated


def test_the_file_always_wins() -> None:
    path = valid(SHOP % "trigger: webhook, op: adjust, delivery: at_most_once, retry: none").write_paths["p"]
    assert (path.delivery, path.retry) == ("at_most_once", "none")
    assert set(path.from_catalogue) == {"order"}


def test_a_weaker_hop_stays_what_the_path_comes_down_to() -> None:
    weak = valid(SHOP % "trigger: webhook, via: [{system: bc, delivery: at_most_once}]").write_paths["p"]
    assert (weak.delivery, "delivery" in weak.from_catalogue) == ("at_most_once", False)
    strong = valid(SHOP % "trigger: webhook, via: [{system: bc, delivery: exactly_once_effect}]").write_paths["p"]
    assert (strong.delivery, "delivery" in strong.from_catalogue) == ("at_least_once", True)


def test_only_webhooks_speak_for_webhooks() -> None:
    path = valid(SHOP % "trigger: queue, op: adjust").write_paths["p"]
    assert path.delivery is None
    assert path.from_catalogue == {}


def test_facts_about_writing_into_a_product() -> None:
    path = valid(SHOP.replace("to: wms", "to: bc") % "trigger: queue, op: adjust").write_paths["p"]
    assert (path.concurrency, set(path.from_catalogue)) == ("atomic", {"concurrency"})


# -- being used --------------------------------------------------------------------------------------------


def test_the_garbage_collector_is_left_as_it_was() -> None:
    gc.disable()
    try:
        from_text("name: x")
        assert not gc.isenabled()
    finally:
        gc.enable()
    from_text("name: x")
    assert gc.isenabled()


def test_thousands_of_errors_are_all_told() -> None:
    lines = [f"- {{id: p{number}, from: s{number}, to: t{number}, evnts: [x]}}" for number in range(3_000)]
    _, problems = from_text("write_paths:\n" + "\n".join(lines))
    assert len(problems) == 9_000
