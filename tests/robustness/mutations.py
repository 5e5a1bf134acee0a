"""Damaged and twisted maps, each made from a bundled one by a seed: the same seed gives the same bytes.

Half of them are damaged as text (lines lost, moved, retyped, cut short); the others are twisted as maps: each
value that is put in is one that the format allows, so that most of them pass the reader and try the engine.

Run as a program it measures: `python -m tests.robustness.mutations --runs 20000 --first 0`.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from click.testing import CliRunner

from handoffmap.cli import main
from handoffmap.reading.shape import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoffmap.reading.shape import Kind, Value

TOPOLOGIES = Path(__file__).parents[2] / "topologies"
BUNDLED = [path.read_text(encoding="utf-8") for path in sorted(TOPOLOGIES.glob("*.yaml"))]

HOSTILE = (
    "<script>alert(1)</script>", '"]; node', '=HYPERLINK("x")', "\x1b[31mred", "../../x", "\u202eabc",
    "{{ 7*7 }}", "|", "`", "&x", "*x", "!!python/object:os.system", "%TAG", "? a", ": b", "- c", "#", "'",
    '"', "\t", "\0", "\ufeff", "\u2028", "9" * 400, "-1e999", "1/0", "0x1F", ".nan", "on", "~", "null",
    "2026-13-45", "a" * 5000, "[" * 300, "{" * 300, "unknown", "none", "😀", "é", "wms.on_hand.x", ".", "..",
    "-", "1:2:3", "<<: *a", "...", "---",
)  # fmt: skip

QUANTITIES = (
    "on_hand", "available", "allocated", "soft_reserved", "safety_stock", "quality_control", "damaged",
    "returned", "incoming", "in_transit", "backordered", "quota",
)  # fmt: skip


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the same, and faster
    """Every scalar is the text that was written."""


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Text is written as it is, whatever YAML may take it for."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - as PyYAML calls it
        return True


_Loader.yaml_implicit_resolvers = {}
_Dumper.yaml_implicit_resolvers = {}


def mutated(seed: int) -> bytes:
    """The map of a seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    text = chance.choice(BUNDLED)
    if seed % 2:
        return _twisted(text, chance).encode("utf-8", "surrogatepass")
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        text = chance.choice(DAMAGES)(text, chance)
    data = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.02:
        place = chance.randrange(len(data) + 1)
        data = data[:place] + bytes([chance.randrange(256)]) + data[place:]
    return data


# ── as text ───────────────────────────────────────────────────────────────────────────────────────


def _lines(text: str) -> list[str]:
    return text.split("\n")


def _delete(text: str, chance: random.Random) -> str:
    lines = _lines(text)
    start = chance.randrange(len(lines))
    del lines[start : start + chance.choice((1, 1, 1, 3, 10))]
    return "\n".join(lines)


def _duplicate(text: str, chance: random.Random) -> str:
    lines = _lines(text)
    start = chance.randrange(len(lines))
    piece = lines[start : start + chance.choice((1, 1, 3, 15))]
    place = chance.choice((start, chance.randrange(len(lines))))
    return "\n".join([*lines[:place], *piece, *lines[place:]])


def _swap(text: str, chance: random.Random) -> str:
    lines = _lines(text)
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def _retype(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) or 1)
    letter = chance.choice("abz09 \t:-{}[],#&*!|>'\"%@`~\n\r\x00\x1b\x85\u2028\ufeff\ud800é")
    return text[:place] + letter + text[place + chance.choice((0, 1)) :]


def _indent(text: str, chance: random.Random) -> str:
    lines = _lines(text)
    start = chance.randrange(len(lines))
    shift = chance.choice((-4, -2, -1, 1, 2, 4, 40))
    for place in range(start, min(start + chance.choice((1, 1, 5)), len(lines))):
        lines[place] = " " * shift + lines[place] if shift > 0 else lines[place][-shift:]
    return "\n".join(lines)


def _cut(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text) or 1)]


def _value(text: str, chance: random.Random, value: str) -> str:
    """Put a value behind some key."""
    lines = _lines(text)
    keyed = [place for place, line in enumerate(lines) if ":" in line and not line.lstrip().startswith("#")]
    if keyed:
        place = chance.choice(keyed)
        lines[place] = f"{lines[place].partition(':')[0]}: {value}"
    return "\n".join(lines)


def _hostile(text: str, chance: random.Random) -> str:
    value = chance.choice(HOSTILE)
    return _value(text, chance, chance.choice((value, f'"{value}"', f"'{value}'", f"[{value}]", f"{{a: {value}}}")))


def _nothing(text: str, chance: random.Random) -> str:
    return _value(text, chance, chance.choice(("", "~", "null", "[]", "{}", "[~]", "{~: ~}", '""', "unknown")))


def _huge(text: str, chance: random.Random) -> str:
    return _value(text, chance, chance.choice(("9" * 5000, "1e400", "9" * 30 + "d", "-1", "0", "0s", "1/" + "9" * 99)))


def _deep(text: str, chance: random.Random) -> str:
    depth = chance.choice((10, 100, 1000, 20000))
    open_, close = chance.choice((("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")))
    return _value(text, chance, open_ * depth + close * depth)


def _words(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    one, other = chance.randrange(len(words)), chance.randrange(len(words))
    words[one], words[other] = words[other], words[one]
    return " ".join(words)


def _alias(text: str, chance: random.Random) -> str:
    lines = _lines(text)
    keyed = [place for place, line in enumerate(lines) if ": " in line and "#" not in line]
    if len(keyed) > 1:
        first, second = sorted(chance.sample(keyed, 2))
        lines[first] = lines[first].replace(": ", ": &a ", 1)
        lines[second] = f"{lines[second].partition(':')[0]}: *a"
    return "\n".join(lines)


DAMAGES: tuple[Callable[[str, random.Random], str], ...] = (
    _delete, _duplicate, _swap, _retype, _indent, _cut, _hostile, _nothing, _huge, _deep, _words, _alias,
)  # fmt: skip


# ── as a map ──────────────────────────────────────────────────────────────────────────────────────


class _Names(NamedTuple):
    """What a name in the map may refer to."""

    systems: list[str]
    events: list[str]
    paths: list[str]
    cells: list[str]
    held: dict[str, list[str]]

    @classmethod
    def of(cls, document: Any) -> _Names:
        systems = document.get("systems") or {}
        held = {name: list(facts.get("holds") or ()) for name, facts in systems.items()}
        cells = [f"{name}.{quantity}" for name, quantities in held.items() for quantity in quantities]
        paths = [path["id"] for path in document.get("write_paths") or ()]
        return cls(list(systems), list(document.get("events") or {}), paths, cells, held)


def _twisted(text: str, chance: random.Random) -> str:
    document = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    names = _Names.of(document)
    for _ in range(chance.choice((0, 0, 1, 3))):
        _add_path(document, names, chance)
    for _ in range(chance.choice((1, 2, 4, 8, 20, 40))):
        kind, entry = chance.choice(list(_entries(document)))
        _twist(kind, entry, names, chance)
    if chance.random() < 0.05:
        for section in chance.sample(sorted(document), 2):
            del document[section]
        document["handoffmap"] = "1"
    return str(yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=10_000, allow_unicode=True))


def _entries(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name of its table, entry) for every entry that there is, paths three times: they matter most."""
    yield "file", document
    for section, kind in (("systems", "system"), ("events", "event")):
        for entry in (document.get(section) or {}).values():
            yield kind, entry
    for entry in (document.get("systems") or {}).values():
        holds = entry.get("holds")
        for held in holds.values() if isinstance(holds, dict) else ():
            if isinstance(held, dict):
                yield "holding", held
    for entry in document.get("write_paths") or ():
        yield from (("path", entry), ("path", entry), ("path", entry))
        for key in ("dedupe", "retry", "dead_letter", "schedule", "poll", "batch", "limits"):
            if isinstance(entry.get(key), dict):
                yield key, entry[key]
    for entry in document.get("controls") or ():
        yield "control", entry


KEPT = frozenset({
    "handoffmap", "systems", "events", "write_paths", "controls", "quantities", "id", "include", "volume",
    "waivers", "holds", "effects", "undoes", "accepts_when", "refused_when",
})  # fmt: skip
"""Keys that are left alone: most values would make a file invalid, which the damages to the text see to."""


def _twist(kind: str, entry: dict[str, Any], names: _Names, chance: random.Random) -> None:
    keys = TABLES[kind].keys
    key = chance.choice([name for name in keys if name not in KEPT])
    if key in entry and not keys[key].required and chance.random() < 0.3:
        del entry[key]
    elif key == "maps":
        lefts = [*names.held.get(entry["from"], ()), *chance.sample(QUANTITIES[:-1], 2)]
        rights = [*names.held.get(entry["to"], ()), "null"]
        entry["maps"] = {left: chance.choice(rights) for left in lefts if chance.random() < 0.6}
    else:
        entry[key] = _made(key, keys[key].value, names, chance)


def _add_path(document: Any, names: _Names, chance: random.Random) -> None:
    """A second path like one that is there, or the same the other way round, or to the system itself."""
    paths = document["write_paths"]
    path = {**chance.choice(paths), "id": f"added-{len(paths)}"}
    turn = chance.randrange(4)
    if turn == 0:
        path["from"], path["to"] = path["to"], path["from"]
    elif turn == 1:
        path["from"] = path["to"]
    elif turn == 2:
        path["from"] = chance.choice(names.systems)
    common = set(names.held.get(path["from"], ())) & set(names.held.get(path["to"], ()))
    if turn != 3:
        path["maps"] = {quantity: quantity for quantity in sorted(common)}
    paths.append(path)


def _made(key: str, value: Value, names: _Names, chance: random.Random, depth: int = 0) -> Any:
    """Something that the format allows behind a key."""
    makers: list[Callable[[], Any]] = []
    if value.null and chance.random() < 0.3:
        return "null"
    if value.scalar is not None:
        scalar = value.scalar
        makers += [lambda: _scalar(key, scalar, names, chance)] * 2
    if value.items is not None and (value.items.scalar or value.items.table) and depth < 3:
        items = value.items
        makers.append(lambda: [_made(key, items, names, chance, depth + 1) for _ in range(chance.randrange(4))])
    if value.table is not None and depth < 3:
        table = TABLES[value.table].keys
        makers.append(
            lambda: {
                name: _made(name, each.value, names, chance, depth + 1)
                for name, each in table.items()
                if each.required or chance.random() < 0.4
            }
        )
    if value.entries is not None and depth < 3:
        entries = value.entries
        makers.append(
            lambda: {
                str(_scalar(key, value.names, names, chance)): _made(key, entries, names, chance, depth + 1)
                for _ in range(chance.randrange(4))
            }
        )
    return chance.choice(makers)() if makers else []


def _scalar(key: str, kind: Kind, names: _Names, chance: random.Random) -> str:
    if kind.words and chance.random() < 0.7:
        return chance.choice(kind.words)
    if chance.random() < 0.05 and not kind.literal:
        return "unknown"
    match kind.name:
        case "name" | "id":
            lists = {"events": names.events, "undoes": names.events}
            if key in {"fires_for", "atomic_with", "backstop"}:
                return chance.choice([*names.paths, "local"] if key == "fires_for" else names.paths or ["nowhere"])
            return chance.choice(lists.get(key, names.systems) or ["nobody"])
        case "cell":
            return chance.choice(names.cells or ["a.b"])
        case "text":
            return chance.choice(("all", "sku", "event_id", "order_id", "b2b", "local", chance.choice(HOSTILE[:10])))
    made = {
        "word": kind.words or ("none",),
        "flag": ("true", "false"),
        "quantity": QUANTITIES,
        "number": ("0", "1", "0.5", "1000000"),
        "count": ("0", "1", "5", "100000"),
        "duration": ("0s", "1s", "5m", "24h", "30d", "99999d"),
        "factor": ("12", "1/12", "1", "0.1"),
        "formula": (*names.cells, "on_hand", "available"),
        "date": ("2026-05-04",),
        "day": ("2026-05-04",),
        "effect": ("1", "-1"),
    }
    return chance.choice(made[kind.name])


# ── running one ───────────────────────────────────────────────────────────────────────────────────

FORMS = ("text", "concise", "json")


def fault_of(data: bytes, form: str) -> str | None:
    """What is wrong with how `check` takes these bytes; None if it does as is documented."""
    args = [
        "check",
        "-",
        "--output-format",
        form,
        "--debug",
        "--color",
        "never",
        *(["-v"] if form == "text" else []),
    ]
    result = CliRunner().invoke(main, args, input=data)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return f"{type(result.exception).__name__}: {result.exception}"
    if result.exit_code not in {0, 1, 2, 3}:
        return f"exit code {result.exit_code}"
    if "Traceback" in result.output or "internal error" in result.output:
        return "a traceback was printed"
    if result.exit_code != 3 and not result.stdout:
        return None if form == "concise" and result.exit_code == 0 else "nothing was told"
    if form != "json" and any(not (char.isprintable() or char == "\n") for char in result.stdout):
        return "what would act on a terminal was printed"
    return None


def _measure() -> None:
    parser = argparse.ArgumentParser(description="Check many mutations; print faults, times and memory.")
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="Folder for the maps that came out wrong or took long.")
    wish = parser.parse_args()
    times: list[tuple[float, int]] = []
    faults = 0
    for seed in range(wish.first, wish.first + wish.runs):
        data = mutated(seed)
        start = time.perf_counter()
        fault = fault_of(data, FORMS[seed // 2 % len(FORMS)])
        took = time.perf_counter() - start
        times.append((took, seed))
        if fault is not None:
            faults += 1
            sys.stdout.write(f"seed {seed}: {fault}\n")
        if wish.keep is not None and (fault is not None or took > 1):
            (wish.keep / f"{seed}.yaml").write_bytes(data)
    times.sort(reverse=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    slowest = ", ".join(f"{took:.2f} s (seed {seed})" for took, seed in times[:5])
    total = sum(took for took, _ in times)
    sys.stdout.write(f"{wish.runs} mutations, {faults} faults, {total:.0f} s in all, peak {peak:.0f} MB\n")
    sys.stdout.write(f"slowest: {slowest}\n")


if __name__ == "__main__":
    import gc

    gc.freeze = lambda: None  # one command freezes what it holds to its end; thousands in a row would keep it all
    _measure()
