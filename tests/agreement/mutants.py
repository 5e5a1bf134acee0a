"""**Mutants** of the rules: one small change of one function each, by operators that were fixed beforehand.

| operator | what it does |
|---|---|
| `invert` | turns a condition round: `if`, `elif`, `while`, a conditional expression, the filter of a comprehension |
| `drop` | takes one operand out of an `and` or `or` |
| `negate` | turns one operand of an `and` or `or` round |
| `opposite` | replaces a comparison by its opposite (`==` `!=`, `in` `not in`, `is` `is not`, `<` `>=`, `>` `<=`) |
| `affirm` | takes a `not` away |
| `silence` | returns None instead of an answer, or leaves the yield of one out |
| `swap` | says that a premise holds where it is broken, and the other way round |
| `forget` | takes one word out of a set or a tuple of words |

Left alone is what only writes texts or asks: reasons, messages, names of facts to ask about, the places that a finding
points at. Two operators that come to the same change make one mutant.
"""

from __future__ import annotations

import ast
import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

__all__ = ["OPERATORS", "Mutant", "changed_node", "mutants_of", "text_of", "tops"]

OPERATORS: Final = ("invert", "drop", "negate", "opposite", "affirm", "silence", "swap", "forget")

OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
}  # fmt: skip

TOLD_ONLY = frozenset(
    {
        "because", "message", "keys", "related", "direction", "catalogue", "field", "systems", "group", "events",
        "event", "cell", "subject", "asks", "extra_asks",
    }
)  # fmt: skip
"""What a claim is told with; no verdict turns on it."""

WORDS_OF = {"Claim": (3, 5), "held": (2,), "Held": (2,), "_lost": (1, 2), "_parked": (2, 3)}
"""The arguments by place that are told only."""

ASKING = frozenset({"Ask", "listed", "Subject"})
"""Calls that put together what is asked or told."""

ANSWERS = ("Answer", "Claim", "Held", "Healing")


class Mutant(NamedTuple):
    """One change of one function, or of one table of words of a module."""

    module: str
    where: tuple[str, ...]
    """The names that lead to it: a function, a class and its method, or the name of a table."""
    operator: str
    number: int
    """Which of the same kind in the same place, from 0."""
    before: str
    after: str
    lines: frozenset[int]
    """The lines of the statement in which it is; a run that comes to none of them cannot see it."""
    node: int
    """Which node of the function or table, in the order of `ast.walk`."""
    part: int
    """Which operand or word of it."""

    @property
    def name(self) -> str:
        """A name that stays as long as the function and the changed place do."""
        module = self.module.removeprefix("handoffmap.")
        count = f" #{self.number + 1}" if self.number else ""
        return f"{module}.{'.'.join(self.where)}: {self.operator} `{self.before}` -> `{self.after}`{count}"

    def tree(self, text: str) -> ast.Module:
        """A module of nothing but the changed function or table, from the text of the whole; a method in its class."""
        top = copy.deepcopy(next(each for names, each in tops(_parsed(text)) if names == self.where))
        changed = _change(top, self.node, self.operator, self.part)
        assert isinstance(changed, ast.stmt)
        for name in reversed(self.where[:-1]):
            changed = ast.ClassDef(name, [], [], [changed], [])
        return ast.fix_missing_locations(ast.Module([changed], []))


def mutants_of(module: ModuleType) -> list[Mutant]:
    """All mutants of a module, in the order of its text."""
    found: list[Mutant] = []
    for where, top in tops(_parsed(text_of(module))):
        places = {node: place for place, node in enumerate(ast.walk(top))}
        seen: dict[ast.AST, set[str]] = {}
        counts: dict[tuple[str, str, str], int] = {}
        for site in _sites(top):
            around = site.statement
            known = seen.setdefault(around, {ast.unparse(around)})
            inner = next(place for place, node in enumerate(ast.walk(around)) if node is site.node)
            changed = _change(copy.deepcopy(around), inner, site.operator, site.part)
            whole = ast.unparse(ast.fix_missing_locations(changed))
            if whole in known:
                continue
            known.add(whole)
            before, after = site.told()
            key = (site.operator, before, after)
            counts[key] = number = counts.get(key, -1) + 1
            lines = frozenset(_span(around))
            place = places[site.node]
            found.append(Mutant(module.__name__, where, site.operator, number, before, after, lines, place, site.part))
    return found


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def text_of(module: ModuleType) -> str:
    """The text of a module as it was when it was first asked for."""
    return Path(str(module.__file__)).read_text(encoding="utf-8")


def tops(tree: ast.Module | str) -> Iterator[tuple[tuple[str, ...], ast.stmt]]:
    """Functions, methods, and tables of words, with the names that lead to them."""
    for each in (ast.parse(tree) if isinstance(tree, str) else tree).body:
        if isinstance(each, ast.FunctionDef):
            yield (each.name,), each
        elif isinstance(each, ast.ClassDef):
            yield from (((each.name, inner.name), inner) for inner in each.body if isinstance(inner, ast.FunctionDef))
        elif (name := _assigned(each)) is not None and name != "__all__":
            yield (name,), each


def _assigned(statement: ast.stmt) -> str | None:
    target: ast.expr | None = None
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target = statement.target
    return target.id if isinstance(target, ast.Name) else None


class _Site(NamedTuple):
    """One place that an operator can change."""

    node: ast.AST
    operator: str
    part: int
    statement: ast.stmt

    def told(self) -> tuple[str, str]:
        """What stands there, and what would."""
        before = ast.unparse(self.node)
        changed = _CHANGES[self.operator](copy.deepcopy(self.node), self.part)
        after = ast.unparse(ast.fix_missing_locations(changed))
        if self.operator == "invert":
            test = ast.unparse(_test_of(self.node)) if not isinstance(self.node, ast.comprehension) else ""
            if test:
                return _short(test), f"not {_short(test)}"
            assert isinstance(self.node, ast.comprehension)
            return _short(ast.unparse(self.node.ifs[self.part])), "its opposite"
        if self.operator in {"silence", "swap"}:
            return _short(before), "nothing" if self.operator == "silence" else "the opposite answer"
        if self.operator == "forget":
            return _short(ast.unparse(_words(self.node)[self.part])), "no such word"
        return _short(before), _short(after)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:97]}..."


def _sites(top: ast.stmt) -> Iterator[_Site]:
    if not isinstance(top, ast.FunctionDef):
        value = top.value if isinstance(top, ast.Assign | ast.AnnAssign) else None
        if value is not None and not isinstance(value, ast.Subscript):  # that is a type
            for node in ast.walk(value):
                for part in range(len(_words(node))):
                    yield _Site(node, "forget", part, top)
        return
    answers = top.returns is not None and any(word in ast.unparse(top.returns) for word in ANSWERS)
    for statement in top.body:
        yield from _in_statement(statement, answers=answers)


def _in_statement(statement: ast.stmt, *, answers: bool) -> Iterator[_Site]:
    if isinstance(statement, ast.Assert | ast.Import | ast.ImportFrom):
        return
    if isinstance(statement, ast.If | ast.While):
        yield _Site(statement, "invert", 0, statement)
    if answers and isinstance(statement, ast.Return) and not _is_nothing(statement.value):
        yield _Site(statement, "silence", 0, statement)
    if answers and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Yield | ast.YieldFrom):
        yield _Site(statement, "silence", 0, statement)
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            yield from _in_statement(child, answers=answers)
        elif isinstance(child, ast.expr):
            yield from _in_expression(child, statement)


def _span(statement: ast.stmt) -> range:
    """The lines of a statement, of a compound one its head only."""
    body: list[ast.stmt] = getattr(statement, "body", [])
    last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return range(statement.lineno, max(last, statement.lineno) + 1)


def _is_nothing(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _in_expression(node: ast.AST, statement: ast.stmt) -> Iterator[_Site]:
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Call) and _called(node) in ASKING):
        return
    if isinstance(node, ast.IfExp) and _is_text(node.body) and _is_text(node.orelse):
        return
    if isinstance(node, ast.BoolOp) and (_is_empty(node.values[-1]) or _is_text(node.values[-1])):
        yield from _in_expression(node.values[0], statement)  # what stands there for nothing is no clause
        return
    for operator, part in _offered(node):
        yield _Site(node, operator, part, statement)
    for child in _looked_into(node):
        yield from _in_expression(child, statement)


def _offered(node: ast.AST) -> Iterator[tuple[str, int]]:
    """What can be done to a node itself, and to which part of it."""
    if isinstance(node, ast.IfExp):
        yield "invert", 0
    elif isinstance(node, ast.comprehension):
        yield from (("invert", part) for part in range(len(node.ifs)))
    elif isinstance(node, ast.BoolOp):
        yield from ((operator, part) for part in range(len(node.values)) for operator in ("drop", "negate"))
    elif isinstance(node, ast.Compare):
        if len(node.ops) == 1 and type(node.ops[0]) in OPPOSITE:
            yield "opposite", 0
    elif isinstance(node, ast.UnaryOp):
        if isinstance(node.op, ast.Not):
            yield "affirm", 0
    elif isinstance(node, ast.Call) and _answer_of(node) is not None:
        yield "swap", 0
    yield from (("forget", part) for part in range(len(_words(node))))


def _looked_into(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression that are not there to be told only."""
    if not isinstance(node, ast.Call):
        yield from ast.iter_child_nodes(node)
        return
    told = WORDS_OF.get(_called(node), ())
    yield node.func
    yield from (each for place, each in enumerate(node.args) if place not in told)
    replaced = _called(node) in {*WORDS_OF, "_replace"}
    yield from (each.value for each in node.keywords if not (replaced and each.arg in TOLD_ONLY))


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_text(node.body) and _is_text(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and (" " in node.value or not node.value)


def _is_empty(node: ast.expr) -> bool:
    """Whether it is a literal that is empty: `()`, `{}`, `[]`, `0`, `""`."""
    if isinstance(node, ast.Constant):
        return not node.value
    return (isinstance(node, ast.Tuple | ast.List) and not node.elts) or (isinstance(node, ast.Dict) and not node.keys)


def _answer_of(node: ast.Call) -> bool | None:
    """What a call says of its premise, as far as it can be turned round; None: it says nothing, or leaves it open."""
    name = _called(node)
    if name in {"held", "Held"}:
        return True
    if name != "Claim" or len(node.args) < 3:
        return None
    holds = node.args[2]
    return (isinstance(holds, ast.Name) and holds.id == "HOLDS") or (
        isinstance(holds, ast.Constant) and holds.value is True
    )


def _words(node: ast.AST) -> list[ast.expr]:
    """The words of a set or a tuple of words."""
    if isinstance(node, ast.Set) and all(isinstance(each, ast.Constant) for each in node.elts):
        return node.elts
    if isinstance(node, ast.Tuple) and all(
        isinstance(each, ast.Constant) and isinstance(each.value, str) for each in node.elts
    ):
        return node.elts
    return []


def _test_of(node: ast.AST) -> ast.expr:
    assert isinstance(node, ast.If | ast.While | ast.IfExp)
    return node.test


# -- the change --------------------------------------------------------------------------------------------


class _Change(ast.NodeTransformer):
    """Puts the changed node in the place of one node."""

    def __init__(self, wanted: ast.AST, operator: str, part: int) -> None:
        self.wanted, self.operator, self.part = wanted, operator, part

    def visit(self, node: ast.AST) -> ast.AST:
        """Change the wanted node, and look for it in every other."""
        return _CHANGES[self.operator](node, self.part) if node is self.wanted else super().generic_visit(node)


def changed_node(node: ast.AST, operator: str, part: int) -> ast.AST:
    """A node, changed in place or replaced."""
    return _CHANGES[operator](node, part)


def _change(top: ast.AST, node: int, operator: str, part: int) -> ast.AST:
    """Change one node below a statement, or the statement itself."""
    wanted = next(each for place, each in enumerate(ast.walk(top)) if place == node)
    return _Change(wanted, operator, part).visit(top)


def _inverted(node: ast.AST, part: int) -> ast.AST:
    if isinstance(node, ast.comprehension):
        node.ifs[part] = _not(node.ifs[part])
    else:
        assert isinstance(node, ast.If | ast.While | ast.IfExp)
        node.test = _not(node.test)
    return node


def _not(node: ast.expr) -> ast.expr:
    """The opposite of an expression, in its shortest form, so that two ways to it are one."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return node.operand
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in OPPOSITE:
        return _opposite(node, 0)
    return ast.UnaryOp(ast.Not(), node)


def _dropped(node: ast.AST, part: int) -> ast.AST:
    assert isinstance(node, ast.BoolOp)
    node.values = [each for place, each in enumerate(node.values) if place != part]
    return node if len(node.values) > 1 else node.values[0]


def _negated(node: ast.AST, part: int) -> ast.AST:
    assert isinstance(node, ast.BoolOp)
    node.values[part] = _not(node.values[part])
    return node


def _opposite(node: ast.AST, _: int) -> ast.expr:
    assert isinstance(node, ast.Compare)
    node.ops = [OPPOSITE[type(node.ops[0])]()]
    return node


def _affirmed(node: ast.AST, _: int) -> ast.AST:
    assert isinstance(node, ast.UnaryOp)
    return ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])


def _silenced(node: ast.AST, _: int) -> ast.AST:
    return ast.Return(ast.Constant(None)) if isinstance(node, ast.Return) else ast.Pass()


def _swapped(node: ast.AST, _: int) -> ast.AST:
    assert isinstance(node, ast.Call)
    holds = _answer_of(node)
    if _called(node) == "Claim":
        node.args[2] = ast.Constant(not holds)
        return node
    words = [*node.args, *(each.value for each in node.keywords if each.arg == "because")]
    path = node.args[3] if len(node.args) > 3 else ast.Constant(None)
    call = "__import__('handoffmap.premises.claim', fromlist=['Claim']).Claim"
    broken = ast.parse(call, mode="eval").body
    return ast.Call(broken, [*words[:2], ast.Constant(value=False), words[2], path, ast.Constant("changed")], [])


def _forgotten(node: ast.AST, part: int) -> ast.AST:
    assert isinstance(node, ast.Set | ast.Tuple)
    node.elts = [each for place, each in enumerate(node.elts) if place != part]
    if isinstance(node, ast.Set) and not node.elts:
        return ast.Call(ast.Name("set", ast.Load()), [], [])
    return node


_CHANGES: dict[str, Callable[[ast.AST, int], ast.AST]] = {
    "invert": _inverted, "drop": _dropped, "negate": _negated, "opposite": _opposite, "affirm": _affirmed,
    "silence": _silenced, "swap": _swapped, "forget": _forgotten,
}  # fmt: skip
