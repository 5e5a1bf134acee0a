"""The whole way in one place: files -> topologies -> verdicts -> findings, questions, money and order."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.diagnosis import Diagnosis, Report
from handoffmap.finding import Finding, Related, Subject
from handoffmap.priorities.cost import price
from handoffmap.priorities.coverage import CoverageOf
from handoffmap.priorities.deciding import deciding_cells
from handoffmap.priorities.questions import hanging_on, ids_of, questions_of
from handoffmap.priorities.rank import in_order, rank
from handoffmap.priorities.scorecard import scorecard_of
from handoffmap.reading.discover import discover, read_overlays
from handoffmap.reading.load import load
from handoffmap.rules import find_rule
from handoffmap.text.parse import paused_gc
from handoffmap.verdicts.conclusions import finding_of, gather, verdicts_of
from handoffmap.verdicts.suppose import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from handoffmap.model import Topology
    from handoffmap.premises.graph import WritePathGraph
    from handoffmap.text.problem import Problem
    from handoffmap.text.source import Source

    Judge = Callable[[Sequence[Source], Sequence[Source]], Report]

__all__ = ["check_paths", "check_sources", "diagnose"]


def check_paths(
    paths: Sequence[str], *, stdin: bytes | None = None, overlays: Sequence[str] = (), judge: Judge | None = None
) -> Report:
    """Judge what the paths lead to: files, folders, globs, `-` for the bytes of `stdin`.

    `overlays` are files that are laid over each of the maps; one that is found among the maps is none itself.
    `judge`: what judges files that have been read, and overlays over them; unless given, `check_sources`.
    """
    discovery = discover(paths, stdin=stdin)
    found = discovery.sources
    laid = read_overlays(overlays, stdin=stdin)
    if laid:
        files = {source.path.resolve() for source in laid if source.path is not None}
        found = tuple(source for source in found if source.path is None or source.path.resolve() not in files)
    report = (judge or check_sources)(found or discovery.sources, laid)
    return report._replace(skipped=discovery.skipped)


def check_sources(
    sources: Sequence[Source], overlays: Sequence[Source] = (), instead: Mapping[str, Source] | None = None
) -> Report:
    """Judge files that have been read. A file with problems of its own is reported and not judged.

    `instead`: name -> what counts in place of an included file as it is on the disk.
    """
    diagnoses: list[Diagnosis] = []
    invalid: list[tuple[str, tuple[Finding, ...]]] = []
    seen: dict[str, Source] = {}
    with paused_gc():
        for source in sources:
            topology, problems = load(source, seen, overlays, instead=instead)
            if problems or topology is None:
                invalid.append((source.name, tuple(_as_finding(problem) for problem in problems)))
            else:
                diagnoses.append(diagnose(topology))
    return Report(tuple(diagnoses), tuple(invalid), 0, seen)


def diagnose(topology: Topology) -> Diagnosis:
    """Everything that one pass concludes about one map."""
    judgement = judge(topology)
    gathered = gather(judgement)
    hanging = hanging_on(judgement, gathered)
    asked = ids_of(hanging)
    survey = judgement.survey
    findings = [finding_of(cause, rule, survey, asked) for cause, rule in gathered]
    windows = {cell: assessed.window for cell, assessed in judgement.cells.items()}
    deciding = deciding_cells(topology)
    costs = price(topology, findings, windows, deciding)
    ordered = in_order(findings, costs.shares, deciding)
    worth: dict[str, Fraction] = {}
    for finding in ordered:
        value = costs.worth.get(finding.fingerprint)
        if value is not None:
            for name in finding.asks:
                worth[name] = worth.get(name, Fraction(0)) + value
    return Diagnosis(
        file=topology.file,
        topology=topology,
        graph=survey.graph,
        verdicts=verdicts_of(judgement, ordered),
        findings=ordered,
        questions=questions_of(judgement, hanging, worth),
        coverage=CoverageOf(judgement),
        gaps=rank(ordered, costs.shares, deciding),
        costs=costs,
        scorecard=scorecard_of(
            ordered,
            records={cell for cell, holding in survey.graph.cells.items() if holding.role == "authoritative"},
            controls_stated=topology.controls is not None,
        ),
        shares=costs.shares,
        stated=_NamesOf(topology, survey.graph),
    )


class _NamesOf:
    """The names that a map states, gone through when somebody asks for one."""

    def __init__(self, topology: Topology, graph: WritePathGraph) -> None:
        self._topology = topology
        self._graph = graph

    def __iter__(self) -> Iterator[str]:
        topology = self._topology
        yield from (*topology.systems, *topology.events, *topology.write_paths, *(topology.controls or ()))
        yield from map(str, self._graph.cells)


def _as_finding(problem: Problem) -> Finding:
    """A defect of the file in the shape of every other finding."""
    rule = find_rule(problem.slug)
    code, mend = (rule.code, rule.mend) if rule is not None else ("HM001", "")
    return Finding(
        code=code,
        slug=problem.slug,
        severity="error",
        confidence="confirmed",
        drift=None,
        message=problem.message,
        subject=Subject(),
        location=problem.location,
        fingerprint="",
        mend=mend if problem.mend is None else problem.mend,
        allowed=problem.allowed,
        suggestion=problem.suggestion,
        related=() if problem.other is None else (Related(Subject(), "stands here too", problem.other),),
    )
