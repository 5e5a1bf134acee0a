"""Every kind of broken file, each with the exact problems that are told about it.

After a deliberate change of a message: `python tests/malformed/test_malformed.py` writes the expected texts
anew; read the difference before committing it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handoffmap.reading.load import load
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from handoffmap.text.problem import Problem
    from handoffmap.text.source import Location

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*.yaml"))


def told(problem: Problem) -> str:
    lines = [f"{_at(problem.location)} {problem.slug}: {problem.message}"]
    if problem.allowed:
        lines.append(f"    allowed: {', '.join(problem.allowed)}")
    if problem.suggestion is not None:
        lines.append(f"    did you mean: {problem.suggestion}")
    if problem.other is not None:
        lines.append(f"    also: {_at(problem.other)}")
    return "\n".join(lines)


def _at(location: Location) -> str:
    return f"{location.file}:{location.line}:{location.column}-{location.end_line}:{location.end_column}"


def problems_of(path: Path) -> str:
    topology, problems = load(Source.read(path, path.name))
    assert topology is None
    return "".join(f"{told(problem)}\n" for problem in problems)


def expected(path: Path) -> Path:
    return HERE / "expected" / f"{path.stem}.txt"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_exactly_these_problems_are_told(path: Path) -> None:
    assert problems_of(path) == expected(path).read_text("utf-8")


def test_there_are_no_expected_texts_without_a_file() -> None:
    assert {each.stem for each in (HERE / "expected").iterdir()} == {path.stem for path in CASES}


def test_every_problem_of_the_file_is_covered_by_some_case() -> None:
    slugs = {problem.slug for path in CASES for problem in load(path)[1]}
    assert slugs == {
        "syntax",
        "unknown-key",
        "wrong-type",
        "dangling-reference",
        "duplicate-id",
        "unknown-word",
        "missing-key",
    }


if __name__ == "__main__":
    (HERE / "expected").mkdir(exist_ok=True)
    for case in CASES:
        expected(case).write_text(problems_of(case), "utf-8")
