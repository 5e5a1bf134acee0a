"""Which mutants the **type checker** refuses: a clause that keeps None out has mypy behind it, and no map needs to.

As many mutants as possible are tried in one run: one of each function. What mypy says of a function once it is changed,
and does not say of it unchanged, it says of the mutant.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from tests.agreement.mutants import text_of, tops

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.agreement.mutants import Mutant

__all__ = ["refused_by_types"]

ROOT = Path(__file__).parents[2]
Place = tuple[str, tuple[str, ...]]


def refused_by_types(mutants: Iterable[Mutant]) -> set[str]:
    """The names of the mutants that `mypy --strict` does not let pass."""
    by_place: dict[Place, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        by_place[mutant.module, mutant.where].append(mutant)
    refused: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        shutil.copytree(ROOT / "handoffmap", here / "handoffmap", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", here)
        before = _complaints(here, dict.fromkeys(by_place))
        for some in zip_longest(*by_place.values()):
            tried = {(mutant.module, mutant.where): mutant for mutant in some if mutant is not None}
            after = _complaints(here, {place: tried.get(place) for place in by_place})
            refused.update(mutant.name for place, mutant in tried.items() if after[place] - before[place])
    return refused


def _complaints(folder: Path, changed: dict[Place, Mutant | None]) -> dict[Place, set[str]]:
    """What mypy says of each of these functions, written anew with a change or with none."""
    spans: dict[str, list[tuple[range, Place]]] = defaultdict(list)
    for module in sorted({module for module, _ in changed}):
        wanted = {place[1]: mutant for place, mutant in changed.items() if place[0] == module}
        lines, spans[module] = _rewritten(module, wanted)
        (folder / Path(*module.split("."))).with_suffix(".py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "handoffmap", "--no-error-summary", "--hide-error-context"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found: dict[Place, set[str]] = defaultdict(set)
    for line in ran.stdout.splitlines():
        file, number, *rest = line.split(":", 2)
        if not number.isdigit():
            continue
        module = file.removesuffix(".py").replace("/", ".")
        for span, place in spans.get(module, ()):
            if int(number) in span:
                found[place].add(" ".join(rest))
    return found


def _rewritten(
    module: str, wanted: dict[tuple[str, ...], Mutant | None]
) -> tuple[list[str], list[tuple[range, Place]]]:
    """The lines of a module in which some functions are written anew, and where those stand now."""
    text = text_of(sys.modules[module])
    lines, spans = text.splitlines(), []
    shift = 0
    for names, top in tops(text):
        if names not in wanted:
            continue
        mutant = wanted[names]
        anew = _statement(mutant.tree(text).body[0], len(names)) if mutant is not None else top
        decorators = getattr(top, "decorator_list", [])
        first = min([top.lineno, *(each.lineno for each in decorators)]) - 1 + shift
        last = (top.end_lineno or top.lineno) + shift
        indent = "    " * (len(names) - 1)
        put = [indent + line if line else line for line in ast.unparse(anew).splitlines()]
        lines[first:last] = put
        spans.append((range(first + 1, first + len(put) + 1), (module, names)))
        shift += len(put) - (last - first)
    return lines, spans


def _statement(node: ast.stmt, depth: int) -> ast.stmt:
    """The function itself, out of the class that it stands in."""
    return node if depth == 1 or not isinstance(node, ast.ClassDef) else node.body[0]
