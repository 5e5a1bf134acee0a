"""`handoffmap fmt`."""

from __future__ import annotations

import click

from handoffmap.cli.exit_codes import FAILED, FINDINGS, NOTHING_CHECKED
from handoffmap.cli.options import Command
from handoffmap.cli.printing import say, say_error, visible, write

__all__ = ["command"]


@click.command("fmt", cls=Command)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit with 1 if any file would change.")
@click.option("--diff", is_flag=True, help="Change nothing; show what would change.")
def command(paths: tuple[str, ...], only_check: bool, diff: bool) -> int:
    """Put topologies into the usual order and layout; comments and meaning stay."""
    from handoffmap.editing.arrange import arranged
    from handoffmap.reading.discover import discover_all
    from handoffmap.text.parse import parse

    sources = discover_all(paths, stdin=_stdin(paths))
    changed = broken = 0
    for source in sources:
        _root, problems = parse(source)
        if problems:
            broken += 1
            place = problems[0].location
            say_error(visible(f"{place.file}:{place.line}:{place.column}: {problems[0].message}"))
            continue
        made = arranged(source.text)
        if source.path is None:
            say(made)
            continue
        if made == source.text:
            continue
        changed += 1
        if diff:
            say(_difference(source.name, source.text, made))
        elif only_check:
            say(f"{visible(source.name)} would change\n")
        else:
            write(str(source.path), made)
            say(f"{visible(source.name)} changed\n")
    if broken:
        return FAILED
    if not sources:
        return NOTHING_CHECKED
    return FINDINGS if changed and (only_check or diff) else 0


def _stdin(paths: tuple[str, ...]) -> bytes | None:
    from handoffmap.cli.checking import standard_input

    return standard_input(*paths)


def _difference(name: str, old: str, new: str) -> str:
    from difflib import unified_diff

    lines = unified_diff(old.splitlines(), new.splitlines(), name, name, lineterm="")
    return "".join(f"{visible(line)}\n" for line in lines)
