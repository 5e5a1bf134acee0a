"""Rules written as data: from a YAML file to rules, with every mistake told at its place.

handoffmap_rules: 1
rules:
  - code: HM901
    slug: till-without-dead-letter
    about: write_paths
    severity: warning
    message: "{id} takes sales from {from} and parks what fails nowhere"
    mend: Add a dead letter that somebody watches.
    when: {from.kind: pos, dead_letter: none}
    examples: {flagged: "...", silent: "..."}
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from handoffmap.errors import BadSettings
from handoffmap.finding import Severity
from handoffmap.own.found import CODE, Found
from handoffmap.own.predicate import ABOUT, OPERATORS, Condition, fact_of, holds
from handoffmap.reading.shape import TABLES
from handoffmap.rules._rule import Rule
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.parse import parse
from handoffmap.text.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoffmap.model import Topology
    from handoffmap.text.node import Node
    from handoffmap.text.source import Source

__all__ = ["DeclaredRule", "read_rules"]

_GROUPS = ("any", "all", "not")
_KEYS = ("code", "slug", "about", "severity", "message", "mend", "why", "when", "unless", "examples")
_REQUIRED = ("code", "slug", "about", "message", "when")
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_FACT = re.compile(r"\{([a-z_.]+)\}")


class DeclaredRule(NamedTuple):
    """One rule as data, and the maps that show it."""

    rule: Rule
    flagged: tuple[str, ...]
    silent: tuple[str, ...]


class _Judge(NamedTuple):
    """What a rule asks, as a function of a map."""

    about: str
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    message: str
    page: str

    def __call__(self, topology: Topology) -> Iterator[Found]:
        for thing in (getattr(topology, self.about) or {}).values():
            told = holds(self.when, thing, topology)
            if told is False:
                continue
            spared = holds(self.unless, thing, topology) if self.unless else False
            if spared is True:
                continue
            sure = told is True and spared is False
            named = {ABOUT[self.about] if self.about != "write_paths" else "write_path": thing.id}
            keys = next((condition.fact for condition in self.when if condition.fact), ())
            yield Found(
                self._said(thing, topology),
                thing.place.at(*keys),
                confidence="confirmed" if sure else "undetermined",
                **named,
            )

    def _said(self, thing: Any, topology: Topology) -> str:
        return _FACT.sub(lambda match: _word(fact_of(thing, tuple(match[1].split(".")), topology)), self.message)


def _word(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return ", ".join(map(_word, value))
    return str(value) if isinstance(value, (str, int)) else str(getattr(value, "id", value))


def read_rules(source: Source) -> tuple[DeclaredRule, ...]:
    """The rules of one file. Raises `BadSettings` that tells every mistake with its place."""
    return _Reader(source).rules()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.wrong: list[tuple[int, str]] = []

    def rules(self) -> tuple[DeclaredRule, ...]:
        root, problems = parse(self.source)
        if problems:
            raise BadSettings(
                "\n".join(self._located(each.location.line, each.location.column, each.message) for each in problems)
            )
        found = list(self._all(root))
        if self.wrong:
            told = [self._located(*self.source.line_and_column(at), message) for at, message in sorted(self.wrong)]
            raise BadSettings("\n".join(told))
        return tuple(found)

    def _located(self, line: int, column: int, message: str) -> str:
        return f"{self.source.name}:{line}:{column}: {message}"

    def _all(self, root: Node | None) -> Iterator[DeclaredRule]:
        if not isinstance(root, Table) or "handoffmap_rules" not in root.entries:
            start = 0 if root is None else root.start
            self.wrong.append((start, "a file of rules begins with `handoffmap_rules: 1`"))
            return
        version = root.entries["handoffmap_rules"]
        if not isinstance(version, Scalar) or version.text != "1":
            self.wrong.append((version.start, "this program reads `handoffmap_rules: 1` and no other version"))
        self._known_keys(root, ("handoffmap_rules", "rules"))
        entries = root.entries.get("rules")
        if not isinstance(entries, Items):
            self.wrong.append((root.start, "`rules` must be a list of rules"))
            return
        seen: dict[str, int] = {}
        for entry in entries.items:
            if not isinstance(entry, Table):
                self.wrong.append((entry.start, "a rule must be a mapping"))
                continue
            rule = self._rule(entry)
            if rule is None:
                continue
            for name in (rule.rule.code, rule.rule.slug):
                if name in seen:
                    self.wrong.append((entry.start, f"{name} is the name of two rules"))
                seen[name] = entry.start
            yield rule

    def _rule(self, entry: Table) -> DeclaredRule | None:
        before = len(self.wrong)
        self._known_keys(entry, _KEYS)
        for key in _REQUIRED:
            if key not in entry.entries:
                self.wrong.append((entry.start, f"the rule needs `{key}`"))
        code, slug = self._text(entry, "code"), self._text(entry, "slug")
        about = self._word(entry, "about", tuple(ABOUT))
        severity = self._word(entry, "severity", get_args(Severity)) or "warning"
        message, mend, why = (self._text(entry, key) for key in ("message", "mend", "why"))
        if code and not CODE.fullmatch(code):
            self._at(entry, "code", f"`{code}` is not one of HM900 to HM999")
        if slug and not _SLUG.fullmatch(slug):
            self._at(entry, "slug", f"`{slug}` is no slug: small letters and digits with dashes between them")
        table = ABOUT.get(about or "", "path")
        when = self._conditions(entry.entries.get("when"), table)
        unless = self._conditions(entry.entries.get("unless"), table)
        if message and about:
            for match in _FACT.finditer(message):
                self._fact(match[1], entry.entries["message"].start, table)
        flagged, silent = self._examples(entry.entries.get("examples"))
        if len(self.wrong) > before or not (code and slug and about and message):
            return None
        page = why or f"{message[:1].upper()}{message[1:]}."
        judge = _Judge(about, when, unless, message, page)
        return DeclaredRule(
            Rule(code, slug, "own", "", severity, "own", mend, shared=False, judge=judge),  # type: ignore[arg-type]  # checked above
            flagged,
            silent,
        )

    # -- parts -------------------------------------------------------------------------------------------

    def _conditions(self, node: Node | None, table: str) -> tuple[Condition, ...]:
        if node is None:
            return ()
        if not isinstance(node, Table):
            self.wrong.append((node.start, "conditions are a mapping of facts"))
            return ()
        return tuple(
            condition
            for name, value in node.entries.items()
            for condition in self._condition(name, node.key_start(name), value, table)
        )

    def _condition(self, name: str, at: int, value: Node, table: str) -> Iterator[Condition]:
        if name in _GROUPS:
            parts = value.items if isinstance(value, Items) else [value]
            yield Condition((), name, group=tuple(self._conditions(part, table) for part in parts))
            return
        if not self._fact(name, at, table):
            return
        fact = tuple(name.split("."))
        if isinstance(value, Scalar):
            yield Condition(fact, "is", (value,))
        elif isinstance(value, Items):
            yield Condition(fact, "is", self._scalars(value.items))
        elif isinstance(value, Table):
            for operator, wanted in value.entries.items():
                if operator not in OPERATORS:
                    start = value.key_start(operator)
                    self.wrong.append((start, f"there is no operator `{operator}`{self._meant(operator, OPERATORS)}"))
                    continue
                yield Condition(fact, operator, self._scalars(wanted.items if isinstance(wanted, Items) else [wanted]))

    def _scalars(self, nodes: Iterable[Node]) -> tuple[Scalar, ...]:
        found = []
        for node in nodes:
            if isinstance(node, Scalar):
                found.append(node)
            else:
                self.wrong.append((node.start, "a fact is held against plain words or numbers"))
        return tuple(found) or (Scalar(0, "", plain=True),)

    def _fact(self, name: str, at: int, table: str) -> bool:
        """Whether the file can state such a fact; `from` and `to` lead to a system's own."""
        first, _, rest = name.partition(".")
        keys = {*TABLES[table].keys, "id"}
        if first not in keys:
            self.wrong.append((at, f"there is no fact `{first}` here{self._meant(first, keys)}"))
            return False
        if first in {"from", "to", "at"} and rest:
            return self._fact(rest, at, "system")
        return True

    def _examples(self, node: Node | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if node is None:
            return (), ()
        if not isinstance(node, Table):
            self.wrong.append((node.start, "`examples` are maps under `flagged` and `silent`"))
            return (), ()
        self._known_keys(node, ("flagged", "silent"))
        flagged, silent = (self._maps(node.entries.get(key)) for key in ("flagged", "silent"))
        return flagged, silent

    def _maps(self, node: Node | None) -> tuple[str, ...]:
        nodes = [] if node is None else node.items if isinstance(node, Items) else [node]
        return tuple(each.text for each in self._scalars(nodes)) if nodes else ()

    def _known_keys(self, table: Table, known: tuple[str, ...]) -> None:
        for key in table.entries:
            if key not in known:
                self.wrong.append((table.key_start(key), f"there is no key `{key}` here{self._meant(key, known)}"))

    def _text(self, table: Table, key: str) -> str:
        node = table.entries.get(key)
        if node is None:
            return ""
        if isinstance(node, Scalar) and node.text:
            return node.text
        self._at(table, key, f"`{key}` must be a text")
        return ""

    def _word(self, table: Table, key: str, words: tuple[str, ...]) -> str | None:
        text = self._text(table, key)
        if text and text not in words:
            self._at(table, key, f"`{text}` is none of {', '.join(words)}{self._meant(text, words)}")
            return None
        return text or None

    def _at(self, table: Table, key: str, message: str) -> None:
        self.wrong.append((table.entries[key].start, message))

    @staticmethod
    def _meant(word: str, known: Iterable[str]) -> str:
        close = closest(word, known)
        return f'; did you mean "{close}"?' if close else f" (there are {', '.join(sorted(known))})"
