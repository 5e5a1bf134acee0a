"""Pictures of the map as DOT: the whole map, the way of one event, the surroundings of one gap.

Every name goes through the graphviz package's escaping, nodes are named by anchors, and everything is
sorted, so that hostile names stay text and a file in another order gives the same picture. A handoff's
standing shows in colour, line and mark alike. Lay out with `handoffmap.telling.layout`.
"""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import graphviz

from handoffmap.telling.anchor import anchor, shown
from handoffmap.telling.scene import paths_of, standing_of, worst
from handoffmap.telling.wording import ARRIVALS, KINDS, STANDINGS, count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from handoffmap.finding import Coverage, Finding
    from handoffmap.model import System, WritePath
    from handoffmap.telling.scene import Scene, Standing

__all__ = ["Drawing", "draw_event", "draw_gap", "draw_map"]

MOST_SYSTEMS: Final = 12
"""Systems up to which a whole map is legible; above, it is drawn in groups."""
MOST_HANDOFFS: Final = 40
"""Handoffs up to which a whole map is legible with a line for each."""
_MOST_ON_EVENT = 24
_MOST_ON_GAP = 10
_LONGEST = 30

_LINES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "error": {"color": "#b3261e", "fontcolor": "#b3261e", "penwidth": "2.4", "style": "solid"},
        "warning": {"color": "#8a5a00", "fontcolor": "#8a5a00", "penwidth": "1.8", "style": "dashed"},
        "question": {"color": "#4d5b8c", "fontcolor": "#4d5b8c", "penwidth": "1.6", "style": "dotted"},
        "waived": {"color": "#6b7480", "fontcolor": "#48505a", "penwidth": "1.6", "style": "dashed"},
        "fine": {"color": "#6b7480", "fontcolor": "#48505a", "penwidth": "1.0", "style": "solid"},
        "off": {"color": "#a0a7af", "fontcolor": "#6b7480", "penwidth": "1.0", "style": "dotted"},
    }
)
_MARKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "once": "✓",
        "state": "=",
        "repeated": "2×",  # noqa: RUF001 - a sign
        "dropped": "▼",
        "never": "✖",
        "unknown": "?",
    }
)
_TROUBLED = frozenset({"repeated", "dropped", "never"})
_FONT = "Arial"


class Drawing(NamedTuple):
    """One picture, not laid out yet."""

    figure: str
    """Its id, also that of the graph."""
    title: str
    dot: str
    plain: str
    """The same without groups, for an engine that fails over them."""
    note: str
    """What is left out or folded together, as a sentence; empty if nothing is."""
    empty: bool
    """There is nothing to draw."""


def draw_map(scene: Scene) -> Drawing:
    """Every handoff as its own line up to a dozen systems, above that the traffic between groups."""
    title = f"Map of {shown(scene.topology.name or scene.diagnosis.file)}"
    if len(scene.systems) > MOST_SYSTEMS or len(scene.paths) > MOST_HANDOFFS:
        return _overview(scene, title)
    sheet = _Sheet("map", title)
    for system in scene.systems:
        sheet.system(scene, system)
    for path in scene.paths:
        sheet.handoff(path, scene.standings[path.id])
    return sheet.drawing("")


def draw_event(scene: Scene, event: str) -> Drawing:
    """Where an event happens, which handoffs take it on, and what reaches each count that it moves.

    Raises `LookupError` if the map has no such event.
    """
    if event not in scene.topology.events:
        raise LookupError(f"The map has no event {shown(event)!r}.")
    carried = scene.carried(event)
    outcomes: dict[str, list[Coverage]] = defaultdict(list)
    for entry in sorted(scene.by_event[event], key=lambda entry: entry.cell):
        outcomes[entry.cell.system].append(entry)
    origins = sorted({origin.system for origin in scene.topology.events[event].origins})
    ends = {end for path in carried for end in (path.source, path.target)}
    kept = _most_telling(scene, origins, ends | set(outcomes), outcomes, carried)
    sheet = _Sheet(anchor("event", event), f"How {shown(event)} travels")
    forwards = {path.source for path in carried}
    for name in sorted(kept):
        rank = "source" if name in origins else "sink" if name not in forwards else ""
        sheet.outcome(name, outcomes.get(name, ()), rank=rank, origin=name in origins, reached=name in ends)
        if origins and name not in ends and name not in origins:
            sheet.beside(origins[0], name)
    drawn = [path for path in carried if path.source in kept and path.target in kept]
    for path in drawn:
        sheet.handoff(path, scene.standings[path.id], told=len(drawn) <= _MOST_ON_EVENT)
    left = len((ends | set(outcomes) | set(origins)) - kept)
    return sheet.drawing(
        f"{count(left, 'system')} and {count(len(carried) - len(drawn), 'handoff')} more are left out, "
        "those without trouble first; the matrix and the tables have them all."
        if left or len(drawn) < len(carried)
        else ""
    )


def draw_gap(scene: Scene, finding: Finding) -> Drawing:
    """The handoffs that a finding speaks of, drawn strong, and those around its count, drawn faint."""
    strong = [scene.topology.write_paths[key] for key in paths_of(finding) if key in scene.topology.write_paths]
    hearts = sorted({cell.system for cell in finding.cells[:1]} | {finding.subject.system or ""} - {""})
    near = [path for name in hearts for path in (*scene.entering[name], *scene.leaving[name])]
    if not hearts:
        near = [other for path in strong for other in scene.entering[path.target]]
    chosen = {path.id: path for path in strong[:_MOST_ON_GAP]}
    loud = {path.id for path in strong}
    others = {path.id: path for path in near if path.id not in loud}
    # What writes into the heart of it tells more than what leaves it.
    around = sorted(others.items(), key=lambda item: (item[1].target not in hearts, item[0]))
    chosen |= dict(around[: max(0, _MOST_ON_GAP - len(chosen))])
    missing = _missing_ways(scene, finding, hearts)
    sheet = _Sheet(anchor("gap", finding.fingerprint), shown(finding.message, 120))
    names = {end for path in chosen.values() for end in (path.source, path.target)} | set(hearts)
    names |= {origin for origin, _ in missing}
    for name in sorted(names):
        if name in scene.topology.systems:
            sheet.system(scene, scene.topology.systems[name], heart=name in hearts)
    for key in sorted(chosen):
        standing = standing_of(finding) if key in loud else scene.standings[key]
        sheet.handoff(chosen[key], standing, faint=key not in loud)
    for origin, event in missing:
        sheet.missing(origin, hearts[0], event)
    left = len(strong) + len(around) - len(chosen)
    return sheet.drawing(f"{count(left, 'handoff')} more around it are left out; the table has them." if left else "")


def _missing_ways(scene: Scene, finding: Finding, hearts: Sequence[str]) -> list[tuple[str, str]]:
    """(where an event happens, the event) for a finding that says that no handoff brings it."""
    if finding.subject.write_path is not None or not finding.code.startswith("HM4") or len(hearts) != 1:
        return []
    events = (scene.topology.events.get(name) for name in sorted(finding.events))
    ways = [(origin.system, event.id) for event in events if event is not None for origin in event.origins]
    return [way for way in ways if way[0] != hearts[0]][:3]


def _most_telling(
    scene: Scene,
    origins: Sequence[str],
    systems: set[str],
    outcomes: Mapping[str, Sequence[Coverage]],
    carried: Sequence[WritePath],
) -> set[str]:
    """The systems of an event's picture: all if they fit, else those with trouble and what feeds them."""
    if len(systems | set(origins)) <= _MOST_ON_EVENT:
        return systems | set(origins)

    def weight(name: str) -> tuple[bool, int, str]:
        trouble = sum(entry.arrival in _TROUBLED for entry in outcomes.get(name, ()))
        return name not in scene.topology.systems, -trouble, name

    feeds: dict[str, str] = {}
    for path in carried:
        feeds.setdefault(path.target, path.source)
    kept: set[str] = set(sorted(origins, key=weight)[: _MOST_ON_EVENT // 3])
    for name in sorted(systems, key=weight):
        # A system comes with what brings the event to it, or its line would begin nowhere.
        wanted = {name, feeds.get(name, name)}
        if len(kept | wanted) <= _MOST_ON_EVENT:
            kept |= wanted
    return kept


def _overview(scene: Scene, title: str) -> Drawing:
    """The traffic between groups, each bundle with how many handoffs it holds."""
    grouping, of = _grouping(scene)
    members: dict[str, list[System]] = defaultdict(list)
    for system in scene.systems:
        members[of(system)].append(system)
    bundles: dict[tuple[str, str], list[WritePath]] = defaultdict(list)
    for path in scene.paths:
        ends = (scene.topology.systems.get(path.source), scene.topology.systems.get(path.target))
        if ends[0] is not None and ends[1] is not None:
            bundles[of(ends[0]), of(ends[1])].append(path)
    sheet = _Sheet("map", title)
    for name in sorted(members):
        sheet.group(scene, name, members[name], bundles.get((name, name), []))
    for (source, target), paths in sorted(bundles.items()):
        if source != target:
            sheet.bundle(source, target, [scene.standings[path.id] for path in paths])
    return sheet.drawing(
        f"{count(len(scene.systems), 'system')} with {count(len(scene.paths), 'handoff')} do not fit one "
        f"legible picture: they are grouped {grouping}, each line is a bundle with its number of handoffs. "
        "The table of handoffs has every single one."
    )


def _grouping(scene: Scene) -> tuple[str, Callable[[System], str]]:
    """How a large map is folded: by application or owner where that gives few groups, else by kind."""
    ways: tuple[tuple[str, Callable[[System], str | None]], ...] = (
        ("by application", lambda system: system.part_of),
        ("by owner", lambda system: system.owner),
    )
    for told, way in ways:
        named = [name for system in scene.systems if (name := way(system)) is not None]
        if len(named) >= 0.8 * len(scene.systems) and 2 <= len(set(named)) < MOST_SYSTEMS:
            return told, lambda system, way=way: way(system) or "not stated"
    sizes: dict[str, int] = defaultdict(int)
    for system in scene.systems:
        sizes[_kind(system)] += 1
    kept = sorted(sizes, key=lambda kind: (-sizes[kind], kind))[: MOST_SYSTEMS - 1]
    return "by kind", lambda system: _kind(system) if _kind(system) in kept else "other kinds"


def _kind(system: System) -> str:
    kind = system.kinds[0] if system.kinds else "application"
    return KINDS.get(kind, kind.replace("_", " "))


class _Sheet:
    """One drawing in the making: DOT statements in sorted order, quoted by the graphviz package."""

    def __init__(self, figure: str, title: str) -> None:
        self.figure = figure
        self.title = title
        self._groups: dict[str, list[str]] = defaultdict(list)
        self._nodes: list[tuple[str, dict[str, str]]] = []
        self._edges: list[tuple[str, str, dict[str, str]]] = []
        self._ranks: dict[str, list[str]] = defaultdict(list)

    def system(self, scene: Scene, system: System, *, heart: bool = False) -> None:
        """A system with what it is, where it is the authority, and how many of its counts can drift."""
        marks = [
            f"★ {shown(quantity, _LONGEST)}"
            for quantity, holding in sorted(system.holds.items())
            if holding.role == "authoritative"
        ]
        wrong, all_ = scene.drifting(system.id)
        lines = [shown(system.id, _LONGEST), _kind(system), *marks]
        if wrong:
            lines.append(f"{wrong} of {count(all_, 'count')} can drift")
        said = "; ".join([shown(system.id), _kind(system), *(f"authority for {mark[2:]}" for mark in marks)])
        classes = " ".join(["system", *(["authority"] if marks else []), *(["heart"] if heart else [])])
        looks = {"penwidth": "2.2" if marks else "1.0", "fillcolor": "#fdf1ef" if heart else "#f6f7f8"}
        self._node(anchor("system", system.id), lines, said, classes, looks)
        if system.part_of is not None:
            self._groups[system.part_of].append(anchor("system", system.id))

    def outcome(self, name: str, entries: Iterable[Coverage], *, rank: str, origin: bool, reached: bool) -> None:
        """A system of an event's picture with what becomes of the event in each of its counts."""
        lines = [shown(name, _LONGEST)]
        if origin:
            lines.append("● happens here")
        entries = list(entries)
        trouble = any(entry.arrival in _TROUBLED for entry in entries)
        lines += [f"{_MARKS[each.arrival]} {shown(each.cell.quantity, _LONGEST)}" for each in entries]
        said = "; ".join([shown(name), *(f"{shown(each.cell.quantity)}: {ARRIVALS[each.arrival]}" for each in entries)])
        looks = {"style": "rounded,filled" if reached or origin else "rounded,filled,dashed"}
        looks["fillcolor"] = "#fdf1ef" if trouble else "#f6f7f8"
        looks["penwidth"] = "2.0" if origin else "1.0"
        key = anchor("system", name)
        self._node(key, lines, said, "system heart" if trouble else "system", looks)
        if rank:
            self._ranks[rank].append(key)

    def group(self, scene: Scene, name: str, members: Sequence[System], inside: Sequence[WritePath]) -> None:
        """A group of systems on the overview."""
        drifts = [scene.drifting(system.id) for system in members]
        wrong, all_ = sum(each[0] for each in drifts), sum(each[1] for each in drifts)
        lines = [shown(name, _LONGEST), count(len(members), "system")]
        if inside:
            lines.append(f"{count(len(inside), 'handoff')} inside")
        if wrong:
            lines.append(f"{wrong:,} of {count(all_, 'count')} can drift")
        self._node(anchor("group", name), lines, "; ".join(lines), "system group", {"fillcolor": "#f6f7f8"})

    def handoff(self, path: WritePath, standing: Standing, *, told: bool = True, faint: bool = False) -> None:
        """A handoff as a line of its own."""
        mark, says = STANDINGS[standing]
        relays = ", ".join(shown(hop.system, _LONGEST) for hop in path.via)
        lines = [f"{mark} {shown(path.id, _LONGEST)}".strip(), *([f"via {relays}"] if relays else [])]
        way = f"{shown(path.source)} to {shown(path.target)}{f' via {relays}' if relays else ''}"
        looks = dict(_LINES[standing]) | ({"penwidth": "0.8"} if faint else {})
        self._edge(
            anchor("system", path.source), anchor("system", path.target), anchor("path", path.id),
            lines if told else ([mark] if mark else []), f"{shown(path.id)}: {way}; {says}",
            f"handoff {standing}{' faint' if faint else ''}", looks,
        )  # fmt: skip

    def bundle(self, source: str, target: str, standings: Sequence[Standing]) -> None:
        """All handoffs from one group to another as one line."""
        gravest = worst(standings)
        tally = [(STANDINGS[word][0], standings.count(word)) for word in ("error", "warning", "question", "waived")]
        lines = [count(len(standings), "handoff")]
        if any(number for _, number in tally):
            lines.append("  ".join(f"{mark} {number:,}" for mark, number in tally if number))
        self._edge(
            anchor("group", source), anchor("group", target), anchor("group", source, target),
            lines, f"{shown(source)} to {shown(target)}: {' '.join(lines)}", f"bundle {gravest}",
            dict(_LINES[gravest]) | {"penwidth": "2.4" if len(standings) > 20 else "1.6"}, link=False,
        )  # fmt: skip

    def missing(self, source: str, target: str, event: str) -> None:
        """The line that is not there."""
        looks = dict(_LINES["error"]) | {"style": "dotted", "arrowhead": "empty"}
        self._edge(
            anchor("system", source), anchor("system", target), anchor("event", event, source, target),
            ["✖ no handoff brings", shown(event, _LONGEST)],
            f"{shown(event)} happens in {shown(source)}; no handoff brings it to {shown(target)}",
            "missing error", looks, link=False,
        )  # fmt: skip

    def beside(self, source: str, target: str) -> None:
        """A system to the right of another, without a line: nothing leads there."""
        ends = anchor("system", source), anchor("system", target)
        self._edges.append((*ends, {"id": anchor("system", source, target), "style": "invis"}))

    def drawing(self, note: str) -> Drawing:
        """The finished drawing."""
        return Drawing(
            self.figure, self.title, self._dot(grouped=True), self._dot(grouped=False), note, not self._nodes
        )

    def _node(self, key: str, lines: Sequence[str], said: str, classes: str, looks: Mapping[str, str]) -> None:
        attributes = {"id": key, "label": "\n".join(lines), "tooltip": said, "class": classes, **looks}
        self._nodes.append((key, attributes))

    def _edge(  # noqa: PLR0913 - what a line is made of
        self,
        source: str,
        target: str,
        key: str,
        lines: Sequence[str],
        said: str,
        classes: str,
        looks: Mapping[str, str],
        *,
        link: bool = True,
    ) -> None:
        label = {"label": "\n".join(lines), "labeltooltip": said} if lines else {}
        goal = {"URL": f"#{key}"} if link else {}
        attributes = {
            "id": key,
            "tooltip": said,
            "edgetooltip": said,
            "class": classes,
            **label,
            **goal,
            **looks,
        }
        self._edges.append((source, target, attributes))

    def _dot(self, *, grouped: bool) -> str:
        graph = graphviz.Digraph(
            name=self.figure,
            graph_attr={
                "id": self.figure, "class": "map", "rankdir": "LR", "newrank": "true", "bgcolor": "white",
                "pad": "0.15", "nodesep": "0.32", "ranksep": "0.85", "fontname": _FONT, "fontsize": "10",
                "tooltip": _text(self.title),
            },
            node_attr={
                "shape": "box", "style": "rounded,filled", "fillcolor": "#f6f7f8", "color": "#48505a",
                "fontcolor": "#1b1f24", "fontname": _FONT, "fontsize": "11", "margin": "0.14,0.08",
            },
            edge_attr={"fontname": _FONT, "fontsize": "9", "arrowsize": "0.7"},
        )  # fmt: skip
        for key, attributes in sorted(self._nodes, key=lambda node: node[0]):
            graph.node(key, **_quoted(attributes))
        for source, target, attributes in sorted(self._edges, key=lambda edge: (*edge[:2], edge[2]["id"])):
            graph.edge(source, target, **_quoted(attributes))
        for rank in sorted(self._ranks):
            with graph.subgraph() as same:
                same.attr(rank=rank)
                for key in sorted(self._ranks[rank]):
                    same.node(key)
        if grouped:
            self._draw_groups(graph)
        return str(graph.source)

    def _draw_groups(self, graph: graphviz.Digraph) -> None:
        """A frame around the parts of one application."""
        for number, name in enumerate(sorted(self._groups)):
            if len(self._groups[name]) < 2:
                continue
            with graph.subgraph(name=f"cluster_{number}") as frame:
                frame.attr(label=_text(shown(name, _LONGEST)), color="#a0a7af", style="rounded")
                # Frames inherit what the graph has, its id too.
                frame.attr(**{"class": "frame"}, id=anchor("group", name), tooltip=_text(shown(name)))
                for key in sorted(self._groups[name]):
                    frame.node(key)


def _quoted(attributes: Mapping[str, str]) -> dict[str, str]:
    return {key: _text(value) for key, value in sorted(attributes.items())}


def _text(text: str) -> str:
    r"""Text that graphviz shows as it is: neither `\n` nor `<b>` nor `&amp;` in it means anything."""
    escaped: str = graphviz.escape(text.replace("&", "&amp;"))  # its own kind of str, which is never read as HTML
    return escaped
