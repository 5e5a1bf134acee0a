from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
import pytest

import handoffmap
from handoffmap.cli import main
from handoffmap.cli.program import COMMANDS as SUMMARIES

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from click.testing import Result

    Run = Callable[..., Result]
    Process = Callable[..., subprocess.CompletedProcess[bytes]]

CONTEXT = click.Context(main)
COMMANDS = [
    (name, command) for name in main.list_commands(CONTEXT) if (command := main.get_command(CONTEXT, name)) is not None
]


def test_the_commands_are_those_of_the_design() -> None:
    assert [name for name, _ in COMMANDS] == [
        "baseline", "check", "config", "diagram", "diff", "explain", "fmt", "init", "lsp", "plan", "prove", "questions",
        "report", "rules", "schema",
    ]  # fmt: skip


@pytest.mark.parametrize("name, command", COMMANDS, ids=[name for name, _ in COMMANDS])
def test_every_command_and_option_says_what_it_does(run: Run, name: str, command: click.Command) -> None:
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
    for flag in ("--help", "-h"):
        result = run(name, flag)
        assert result.exit_code == 0
        assert result.stdout.startswith(f"Usage: handoffmap {name}")


@pytest.mark.parametrize("name, command", COMMANDS, ids=[name for name, _ in COMMANDS])
def test_the_list_of_commands_says_what_the_command_says(name: str, command: click.Command) -> None:
    assert (command.help or "").split("\n")[0] == SUMMARIES[name]
    assert command.name == name


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").stdout == f"handoffmap {handoffmap.__version__}\n"


def test_nothing_but_click_is_imported_to_show_help(process: Process) -> None:
    """A slow start shows as a module here long before a stopwatch can tell."""
    shown = process("--help", env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert shown.returncode == 0
    imported = {line.rpartition(b"|")[2].strip().decode() for line in shown.stderr.splitlines()}
    ours = {name for name in imported if name.partition(".")[0] == "handoffmap"}
    parts = {"exit_codes", "options", "printing", "program"}
    assert ours <= {"handoffmap", "handoffmap.cli", *(f"handoffmap.cli.{part}" for part in parts)}
    heavy = {"yaml", "networkx", "jinja2", "graphviz", "dataclasses", "importlib.metadata", "json", "difflib"}
    alone = {name for name in heavy if name in _modules_of_click(process)}
    assert imported & heavy <= alone


def _modules_of_click(process: Process) -> set[str]:
    """What click brings along by itself, which differs between its versions."""
    import subprocess

    code = "import sys, click; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_public_names_are_there_and_in_order() -> None:
    assert handoffmap.__all__ == sorted(handoffmap.__all__)
    assert set(handoffmap.__all__) <= set(dir(handoffmap))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        getattr(handoffmap, "nonsense")  # noqa: B009 - a type checker knows that there is no such name


@pytest.mark.parametrize("name", handoffmap.__all__)
def test_a_public_name_is_fetched_when_it_is_used(name: str) -> None:
    assert getattr(handoffmap, name) is not None
