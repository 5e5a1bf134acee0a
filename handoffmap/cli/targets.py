"""Where results go: which files may be written, and in what form."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from handoffmap.cli.printing import say_error, visible, write
from handoffmap.errors import UnwritableOutput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from handoffmap.text.source import Source

__all__ = ["add_to_summary", "form_by_ending", "free_to_write", "stem", "write_each"]


def free_to_write(targets: Iterable[str | None], sources: Mapping[str, Source]) -> None:
    """Refuse a target that is one of the files that were read, or that is named twice."""
    read = {os.path.realpath(source.path) for source in sources.values() if source.path is not None}
    seen: set[str] = set()
    for target in targets:
        if target is None or target == "-":
            continue
        real = os.path.realpath(target)
        if real in read:
            raise click.ClickException(f"{visible(target)} is an input; write to another file.")
        if real in seen:
            raise click.ClickException(f"{visible(target)} is named for two outputs.")
        seen.add(real)


def form_by_ending(target: str | None, forms: dict[str, str]) -> str:
    """The form that a file's ending asks for; the first one where it has no ending, none that is not there."""
    _name, dot, ending = os.path.basename(target or "").rpartition(".")  # noqa: PTH119 - pathlib is not loaded for this
    if not dot:
        return next(iter(forms.values()))
    form = forms.get(ending.lower())
    if form is None:
        known = ", ".join(dict.fromkeys(forms.values()))
        raise click.BadParameter(
            f"`.{ending}` is none of the forms that can be written ({known}); say one with --format."
        )
    return form


def stem(file: str) -> str:
    """The name of a file without folder and ending; what was piped in is called `stdin`."""
    from pathlib import PurePath

    return "stdin" if file == "<stdin>" else PurePath(file).stem


def write_each(results: Iterable[tuple[str, Callable[[], str]]]) -> bool:
    """Write each result to its file, and say whether all went well: one that fails leaves the others as they are."""
    written = True
    for target, told in results:
        try:
            write(target, told())
        except UnwritableOutput as error:
            say_error(visible(str(error)))
            written = False
    return written


def add_to_summary(told: Callable[[], str]) -> bool:
    """Add a result to the summary of a GitHub job, if there is one (`GITHUB_STEP_SUMMARY`); whether that went well."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if not file:
        return True
    try:
        with open(file, "a", encoding="utf-8") as summary:  # noqa: PTH123 - pathlib is not loaded for this
            summary.write(told())
    except OSError as error:
        say_error(f"{visible(file)}: the summary cannot be written ({error.strerror})")
        return False
    return True
