"""Which trial can see which mutant: all rules run once with **probes** that work out an expression and its changes.

A trial in which a changed condition never comes to another value than the one that stands there cannot tell the two
apart, so it need not be run for that mutant. What is no condition (an answer, a word of a table) counts as seen where
it is come to.
"""

from __future__ import annotations

import ast
import copy
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.agreement.grafting import code_of, function_of
from tests.agreement.mutants import changed_node, text_of, tops

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import ModuleType

    from tests.agreement.mutants import Mutant
    from tests.agreement.trials import Trial

__all__ = ["Seen"]

STIRRING = frozenset({"append", "appendleft", "add", "book", "discard", "next", "pop", "popleft", "setdefault"})
"""Calls that change something: what they stand in cannot be worked out twice."""


class Seen:
    """Mutant -> the trials that see it, at `most` so many: from then on it is not looked for any more."""

    def __init__(
        self, modules: Sequence[ModuleType], mutants: Sequence[Mutant], trials: Iterable[Trial], most: int = 12
    ) -> None:
        self.trials: dict[int, list[Trial]] = defaultdict(list)
        self.entered: dict[object, list[Trial]] = defaultdict(list)
        self._most = most
        self._wanted = set(range(len(mutants)))
        self._now: set[int] = set()
        self._here: set[object] = set()
        self._quiet: set[int] = set()
        with _instrumented(modules, mutants, self._probe, self._here.add):
            for trial in trials:
                self._now.clear()
                self._here.clear()
                self._quiet.clear()
                trial.run()
                self._keep(trial)

    def _keep(self, trial: Trial) -> None:
        for number in self._now:
            self.trials[number].append(trial)
            if len(self.trials[number]) >= self._most:
                self._wanted.discard(number)
        for place in self._here:
            if trial.found is not None and len(self.entered[place]) < self._most:
                self.entered[place].append(trial)

    def _probe(
        self, site: int, own: Callable[[], Any], changes: Callable[[], tuple[tuple[int, Callable[[], Any]], ...]]
    ) -> Any:
        value = own()
        if site not in self._quiet:
            left = False
            for number, change in changes():
                if number in self._wanted and number not in self._now:
                    if _differs(value, change):
                        self._now.add(number)
                    else:
                        left = True
            if not left:
                self._quiet.add(site)
        return value


def _differs(value: Any, change: Callable[[], Any]) -> bool:
    try:
        other = change()
        return other is not value and (bool(other) is not bool(value) or bool(other != value))
    except Exception:  # noqa: BLE001 - whatever it raises, it differs
        return True


@contextmanager
def _instrumented(
    modules: Sequence[ModuleType],
    mutants: Sequence[Mutant],
    probe: Callable[..., Any],
    entered: Callable[[object], None],
) -> Iterator[None]:
    """Put probes into every function of these modules for as long as it lasts."""
    by_place: dict[tuple[str, tuple[str, ...]], list[tuple[int, Mutant]]] = defaultdict(list)
    tables: dict[str, list[int]] = defaultdict(list)
    functions = {(module.__name__, names) for module in modules for names, top in tops(text_of(module)) if _is_def(top)}
    for number, mutant in enumerate(mutants):
        if (mutant.module, mutant.where) in functions:
            by_place[mutant.module, mutant.where].append((number, mutant))
        else:
            tables[mutant.where[-1]].append(number)
    before = []
    touched = {mutant.module for mutant in mutants}
    for module in modules:
        if not tables and module.__name__ not in touched:
            continue
        tree = ast.parse(text_of(module))
        for names, top in tops(tree):
            if isinstance(top, ast.FunctionDef):
                _put_probes(top, (module.__name__, names), by_place[module.__name__, names], tables)
        whole = compile(ast.fix_missing_locations(tree), str(module.__file__), "exec", dont_inherit=True)
        vars(module).update(_probe_=probe, _entered_=entered)
        for names, top in tops(tree):
            function = function_of(module, names) if isinstance(top, ast.FunctionDef) else None
            if function is not None:
                before.append((function, function.__code__))
                function.__code__ = code_of(whole, names)
    try:
        yield
    finally:
        for function, code in before:
            function.__code__ = code


def _is_def(top: ast.stmt) -> bool:
    return isinstance(top, ast.FunctionDef)


def _put_probes(
    top: ast.FunctionDef, place: object, mutants: Sequence[tuple[int, Mutant]], tables: dict[str, list[int]]
) -> None:
    nodes = list(ast.walk(top))
    parents = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
    changes: dict[ast.AST, list[tuple[int, ast.expr]]] = defaultdict(list)
    come_to: dict[ast.AST, list[int]] = defaultdict(list)
    for number, mutant in mutants:
        found = _expression(nodes[mutant.node], mutant, parents)
        if found is None:
            come_to[_statement(nodes[mutant.node], parents)].append(number)
        else:
            changes[found[0]].append((number, found[1]))
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in tables:
            come_to[_statement(node, parents)].extend(tables[node.id])
    _Probes(changes, come_to).visit(top)
    first = 1 if ast.get_docstring(top) is not None else 0
    top.body.insert(first, ast.Expr(_call("_entered_", [_constant(place)])))


def _expression(node: ast.AST, mutant: Mutant, parents: dict[ast.AST, ast.AST]) -> tuple[ast.expr, ast.expr] | None:
    """What to work out in two ways for a mutant: as it stands, and changed."""
    changed = changed_node(copy.deepcopy(node), mutant.operator, mutant.part)
    own: ast.AST = node
    if isinstance(node, ast.If | ast.While | ast.IfExp) and mutant.operator == "invert":
        assert isinstance(changed, ast.If | ast.While | ast.IfExp)
        own, changed = node.test, changed.test
    elif isinstance(node, ast.comprehension):
        assert isinstance(changed, ast.comprehension)
        own, changed = node.ifs[mutant.part], changed.ifs[mutant.part]
    elif mutant.operator == "forget":
        around = parents[node]
        if not isinstance(around, ast.Compare):
            return None
        place = around.comparators.index(node) if node in around.comparators else None
        if place is None:
            return None
        assert isinstance(changed, ast.expr)
        whole = copy.deepcopy(around)
        whole.comparators[place] = changed
        own, changed = around, whole
    elif mutant.operator in {"silence", "swap"}:
        return None
    if not isinstance(own, ast.expr) or not isinstance(changed, ast.expr):
        return None
    return None if any(map(_stirs, ast.walk(own))) else (own, changed)


def _stirs(node: ast.AST) -> bool:
    """Whether working it out changes something."""
    if isinstance(node, ast.Call):
        name = node.func
        return (name.id if isinstance(name, ast.Name) else getattr(name, "attr", "")) in STIRRING
    return isinstance(node, ast.NamedExpr | ast.Yield | ast.YieldFrom)


def _statement(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> ast.AST:
    while not isinstance(node, ast.stmt):
        node = parents[node]
    return node


class _Probes(ast.NodeTransformer):
    """Puts probes around expressions and before statements."""

    sites = 0
    """How many there are so far, in all functions."""

    def __init__(self, changes: dict[ast.AST, list[tuple[int, ast.expr]]], come_to: dict[ast.AST, list[int]]) -> None:
        self.changes, self.come_to = changes, come_to

    def visit(self, node: ast.AST) -> Any:
        """Look further down first, so that the inner ones are found as they were."""
        wanted, numbers = self.changes.get(node), self.come_to.get(node)
        made = super().generic_visit(node)
        if wanted is not None and isinstance(made, ast.expr):
            pairs = [ast.Tuple([_constant(number), _lambda(changed)], ast.Load()) for number, changed in wanted]
            return self._probe(made, pairs)
        if numbers and not isinstance(node, ast.FunctionDef):
            pairs = [ast.Tuple([_constant(number), _lambda(_constant(1))], ast.Load()) for number in numbers]
            return [ast.Expr(self._probe(_constant(0), pairs)), made]
        return made

    def _probe(self, own: ast.expr, pairs: Sequence[ast.expr]) -> ast.Call:
        """A call of the probe; its site is named by the first mutant there."""
        _Probes.sites += 1
        return _call("_probe_", [_constant(_Probes.sites), _lambda(own), _lambda(ast.Tuple([*pairs], ast.Load()))])


def _lambda(body: ast.expr) -> ast.Lambda:
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.Lambda(nothing, body)


def _call(name: str, arguments: list[ast.expr]) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), arguments, [])


def _constant(value: Any) -> ast.expr:
    if isinstance(value, tuple):
        return ast.Tuple([_constant(each) for each in value], ast.Load())
    return ast.Constant(value)
