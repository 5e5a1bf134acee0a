"""The README tells the truth: commands, options, rules, premises, maps and shown output are held against the code.

After a rule was added or its sentence changed, write its table anew:

    HANDOFFMAP_WRITE_GOLDENS=1 python -m pytest tests/docs
"""

from __future__ import annotations

import os
import re
import shlex
import tomllib
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner

from handoffmap import cli
from handoffmap.reading.load import load
from handoffmap.rules import all_rules
from handoffmap.text.source import Source

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "README.md"
README = FILE.read_text(encoding="utf-8")
RULES = all_rules()
CONTEXT = click.Context(cli.main)
COMMANDS = {
    name: command
    for name in cli.main.list_commands(CONTEXT)
    if (command := cli.main.get_command(CONTEXT, name)) is not None
}
RULE_TABLE = re.compile(r"(<!-- rules: begin [^\n]*-->\n\n)(.*?)(\n\n<!-- rules: end -->)", re.DOTALL)
GAP = "..."
EVERYWHERE = {"--help", "--debug"}
"""Options of every command: told once, not in each row."""


class Block(NamedTuple):
    """A fenced block: the language after its fence, and its text."""

    language: str
    text: str


def section(heading: str) -> str:
    """The text below a heading, up to the next one of the same level or above."""
    level = heading.split(" ", 1)[0]
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", README, re.DOTALL | re.MULTILINE)
    assert found, heading
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in a text, without the rows that head them."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    heads = {place - 1 for place, line in enumerate(lines) if set(line) <= set("|- ")}
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for place, line in enumerate(lines)
        if place not in heads and not set(line) <= set("|- ")
    ]


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


BLOCKS = [Block(*found) for found in re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)]
MAPS = [block.text for block in BLOCKS if block.language == "yaml" and "\nhandoffmap: 1" in f"\n{block.text}"]
OVERLAYS = [block.text for block in BLOCKS if block.language == "yaml" and block.text not in MAPS]
SHOWN = [block.text for block in BLOCKS if block.language == "console"]
PROSE = re.sub(r"^```.*?^```$", "", README, flags=re.DOTALL | re.MULTILINE)
CALLS = [
    shlex.split(call)
    for text in chain((block.text for block in BLOCKS if block.language in {"sh", "console"}), quoted(PROSE))
    for call in re.findall(r"(?:^|/|\$ )handoffmap ((?:[a-z]+)(?: [^\n]*)?)", text)
]


def test_the_readme_has_what_is_tested_here() -> None:
    assert len(MAPS) >= 2
    assert len(SHOWN) >= 2
    assert len(CALLS) >= 6


# ── commands ──────────────────────────────────────────────────────────────────────────────────────


def test_every_command_is_documented_and_every_documented_one_exists() -> None:
    told = [row[0].strip("`").split()[0] for row in rows(section("## Commands")) if not row[0].isdigit()]
    assert sorted(told) == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_documented_and_every_documented_one_exists(name: str) -> None:
    (row,) = [row for row in rows(section("## Commands")) if re.match(rf"`{name}\b", row[0])]
    told = set(quoted(row[2]))
    if "*what counts*" in row[2]:
        (sentence,) = [line for line in section("## Commands").splitlines() if line.startswith("*What counts*")]
        told |= set(quoted(sentence))
    assert told == options_of(COMMANDS[name]) - EVERYWHERE


def options_of(command: click.Command) -> set[str]:
    """The long names of a command's options, and of those of the commands below it."""
    options = [each for each in command.params if isinstance(each, click.Option)]
    below = command.commands.values() if isinstance(command, click.Group) else ()
    own = {name for option in options for name in option.opts if name.startswith("--")}
    return own.union(*map(options_of, below))


def test_options_in_prose_exist() -> None:
    known = set(chain.from_iterable(map(options_of, COMMANDS.values()))) | EVERYWHERE
    benchmark = (ROOT / "benchmarks" / "run.py").read_text(encoding="utf-8")
    known |= set(re.findall(r'"(--[a-z-]+)"', benchmark))
    told = {word for text in quoted(PROSE) if "/bin/" not in text for word in re.findall(r"--[a-z-]+", text)}
    assert told <= known


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_shown_call_is_one_that_the_command_line_takes(call: list[str]) -> None:
    name, *given = call
    command = COMMANDS[name]
    while isinstance(command, click.Group) and given and given[0] in command.commands:
        command, given = command.commands[given[0]], given[1:]
    accepted = {opt for option in command.params if isinstance(option, click.Option) for opt in option.opts}
    assert {word.partition("=")[0] for word in given if word.startswith("-")} <= accepted | EVERYWHERE | {"-"}


def test_the_exit_codes_are_those_of_the_code() -> None:
    told = [int(row[0]) for row in rows(section("## Commands")) if row[0].isdigit()]
    assert told == [0, cli.FINDINGS, cli.FAILED, cli.NOTHING_CHECKED]


# ── rules and premises ────────────────────────────────────────────────────────────────────────────


def rule_table() -> str:
    told = [f"| {rule.code} | `{rule.slug}` | {rule.summary.replace('|', chr(92) + '|')} |" for rule in RULES]
    return "\n".join(["| code | slug | what it flags |", "|---|---|---|", *told])


def test_the_table_of_rules_is_the_catalogue() -> None:
    found = RULE_TABLE.search(README)
    assert found
    table = found[2]
    if os.environ.get("HANDOFFMAP_WRITE_GOLDENS") and table != rule_table():
        table = rule_table()
        FILE.write_text(README[: found.start(2)] + table + README[found.end(2) :], encoding="utf-8", newline="\n")
    assert table == rule_table()


def test_no_rule_is_named_that_does_not_exist() -> None:
    told = {code for code in re.findall(r"\bHM\d{3}\b", README) if code < "HM900"}  # 9xx: the reader's
    assert told == {rule.code for rule in RULES}


def test_every_premise_that_a_rule_names_is_explained() -> None:
    told = {row[0] for row in rows(section("## How drift is judged")) if row[0].startswith("T")}
    told |= set(re.findall(r"^\*\*(T[CD]),", section("## How drift is judged"), re.MULTILINE))
    assert {rule.premise for rule in RULES if rule.premise} <= told
    assert told == {*(f"TA{n}" for n in range(9)), *(f"TB{n}" for n in range(7)), "TC", "TD"}


# ── maps and what is shown of them ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", MAPS, ids=lambda text: text.split("\n", 1)[0])
def test_a_shown_map_is_valid(text: str) -> None:
    _, problems = load(Source("map.yaml", text))
    assert [problem.message for problem in problems] == []


@pytest.mark.parametrize("text", OVERLAYS, ids=lambda text: text.split("\n", 1)[0])
def test_a_shown_overlay_can_be_laid_over_the_shown_map(text: str) -> None:
    topology, problems = load(Source("map.yaml", MAPS[0]), overlays=[Source("market.yaml", text)])
    assert [problem.message for problem in problems] == []
    assert topology is not None
    assert topology.laid_over == ("market.yaml",)


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.split("\n", 1)[0])
def test_shown_output_is_what_is_really_printed(shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call, _, told = shown.partition("\n")
    (tmp_path / "map.yaml").write_text(MAPS[0], encoding="utf-8")
    (tmp_path / "market.yaml").write_text(OVERLAYS[0], encoding="utf-8")
    (tmp_path / "topologies").symlink_to(ROOT / "topologies", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(call.removeprefix("$ "))
    assert program.endswith("/handoffmap")
    result = CliRunner().invoke(cli.main, arguments, env={"NO_COLOR": "1"})
    printed = result.stdout.splitlines()
    pieces = in_pieces(told.splitlines())
    starts = at_the_places_of(pieces, printed)
    assert starts, f"the README shows lines that are not printed, or not in this order:\n{told}"
    assert (starts[0] == 0) is not (told.splitlines()[0] == GAP)
    assert (starts[-1] + len(pieces[-1]) == len(printed)) is not (told.splitlines()[-1] == GAP)


def in_pieces(lines: list[str]) -> list[list[str]]:
    """What stands between the gaps."""
    pieces: list[list[str]] = [[]]
    for line in lines:
        if line == GAP:
            pieces.append([])
        else:
            pieces[-1].append(line)
    return [piece for piece in pieces if piece]


def at_the_places_of(pieces: list[list[str]], printed: list[str]) -> list[int]:
    """Where each piece begins in what is printed, in order and without overlap; empty if one is not there."""
    starts: list[int] = []
    begin = 0
    for piece in pieces:
        places = (place for place in range(begin, len(printed)) if printed[place : place + len(piece)] == piece)
        place = next(places, None)
        if place is None:
            return []
        starts.append(place)
        begin = place + len(piece)
    return starts


def test_the_maps_that_a_search_of_the_places_must_not_accept() -> None:
    """The comparison itself can fail: another order, a line too many, a changed word."""
    printed = ["a", "b", "c"]
    assert at_the_places_of([["a"], ["c"]], printed) == [0, 2]
    assert at_the_places_of([["c"], ["a"]], printed) == []
    assert at_the_places_of([["a", "c"]], printed) == []
    assert at_the_places_of([["a", "B"]], printed) == []


@pytest.mark.parametrize(("file", "code"), [("three_handoffs", 1), ("three_handoffs.fixed", 0)])
def test_the_exit_codes_told_of_the_example_are_right(file: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert CliRunner().invoke(cli.main, ["check", f"topologies/{file}.yaml"]).exit_code == code


def test_the_top_level_keys_are_those_of_the_format() -> None:
    from handoffmap.reading.shape import TABLES

    told = [name for row in rows(section("## The map")) for name in quoted(row[0])]
    assert sorted(told) == sorted(TABLES["file"].keys)


def test_every_bundled_topology_is_told_of() -> None:
    told = [row[0].strip("`") for row in rows(section("## Bundled topologies"))]
    assert sorted(told) == sorted(file.name for file in (ROOT / "topologies").glob("*.yaml"))


# ── the project ───────────────────────────────────────────────────────────────────────────────────


def test_the_layers_are_those_of_the_contracts() -> None:
    (listed,) = [block.text for block in BLOCKS if block.text.startswith("__main__")]
    told: dict[str, list[str]] = {"handoffmap": []}
    for line in listed.splitlines():
        names = re.split(r"  +", line.strip(), maxsplit=1)[0].split()
        if not line.startswith(" "):
            told["handoffmap"] += names
            package = f"handoffmap.{names[0]}"
        else:
            told.setdefault(package, []).extend(names)
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    contracts = {each["containers"][0]: each["layers"] for each in layers["contracts"] if each["type"] == "layers"}
    assert set(told) == set(contracts)
    for package, names in told.items():
        contract = [re.split(r" [|:] ", layer) for layer in contracts[package]]
        depth = {name: place for place, layer in enumerate(contract) for name in layer}
        assert sorted(names) == sorted(depth)
        assert [depth[name] for name in names] == sorted(depth.values())


def test_variables_and_files_that_are_named_are_there() -> None:
    tests = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("*.py") if file != Path(__file__)
    )
    for variable in re.findall(r"\bHANDOFFMAP_[A-Z]+\b", README):
        assert variable in tests
    for path in re.findall(r"(?<![\w./-])(?:tests|topologies|templates|handoffmap|\.ci)/[\w./]*", PROSE):
        assert (ROOT / path).exists(), path


def test_a_sentence_has_a_line_of_its_own() -> None:
    plain = [line for line in PROSE.splitlines() if not line.startswith(("|", "#", "<", "-"))]
    assert [line for line in plain if re.search(r"[a-z`)][.!?] [A-Z]", line)] == []


# ── settings and rules of one's own ───────────────────────────────────────────────────────────────


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    from handoffmap.policy.settings import KEYS

    (sentence,) = [line for line in section("### Settings").splitlines() if "lists every key" in line]
    assert quoted(sentence)[1:] == list(KEYS)


def test_every_operator_is_documented_and_every_documented_one_exists() -> None:
    from handoffmap.own.predicate import OPERATORS

    told = {name for row in rows(section("### Rules of your own")) for name in quoted(row[0])}
    assert told == {*OPERATORS, "any", "all", "not"}


def test_the_rule_that_is_shown_does_what_its_examples_say() -> None:
    from handoffmap.own.declared import read_rules
    from handoffmap.own.examples import failures

    (text,) = [block.text for block in BLOCKS if block.text.startswith("handoffmap_rules")]
    (declared,) = read_rules(Source("rules.yaml", text))
    assert list(failures(declared)) == []


def test_the_settings_that_are_shown_are_read(tmp_path: Path) -> None:
    from handoffmap.policy.settings import read_settings

    (text,) = [block.text for block in BLOCKS if block.language == "toml" and block.text.startswith("select")]
    (tmp_path / "handoffmap.toml").write_text(text, encoding="utf-8")
    assert read_settings(tmp_path / "handoffmap.toml").fail_on == "warning"


def test_every_format_is_documented_and_every_documented_one_exists() -> None:
    from handoffmap.cli.options import FORMS

    table = section("## In CI and in the editor").split("### ", 1)[0]
    assert [name for row in rows(table) for name in quoted(row[0])] == list(FORMS)
