"""What is printed: results on standard output, remarks on standard error, colour where it is wanted."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "abandon", "colour_wanted", "deliver", "did_you_mean", "say", "say_error", "take_any_character", "visible", "write",
]  # fmt: skip


def say(told: str | bytes) -> None:
    """Print a result; a reader that has left (`| head`) is no mistake of anybody's."""
    try:
        click.echo(told, nl=False, color=True)  # colour has been decided on: click is to leave it alone
    except BrokenPipeError:
        abandon(sys.stdout)
    except OSError as error:
        abandon(sys.stdout)
        raise click.ClickException(f"standard output cannot be written ({error.strerror})") from error


def take_any_character(*streams: Any) -> None:
    """Let streams of another encoding than UTF-8 show an escape for what they have no character for."""
    for stream in streams:
        if hasattr(stream, "reconfigure"):  # not where somebody has put an object of their own in its place
            stream.reconfigure(errors="backslashreplace")


def abandon(stream: Any) -> None:
    """Point a stream to nowhere, so that Python's own flush at the end does not fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def say_error(message: str) -> None:
    """Print a remark of one or more lines on standard error."""
    try:
        click.echo(f"handoffmap: {message}", err=True)
    except OSError:
        abandon(sys.stderr)


def deliver(told: str | bytes, target: str | None) -> None:
    """Write a result to a file and print where it is, or print the result itself."""
    if target is None or target == "-":
        if isinstance(told, bytes) and sys.stdout.isatty():
            raise click.UsageError("A terminal cannot show this picture; name a file with -o FILE.")
        say(told)
        return
    write(target, told)
    say(f"{visible(target)}\n")


def write(target: str, told: str | bytes) -> None:
    """Write a file whole or not at all."""
    from handoffmap.cli import output

    if isinstance(told, bytes):
        output.write_bytes_atomically(target, told)
    else:
        output.write_text_atomically(target, told)


def colour_wanted(wish: str, stream: Any = None) -> bool:
    """Whether a stream, standard output by default, is to be coloured."""
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool((stream or sys.stdout).isatty()) and os.environ.get("TERM") != "dumb"


def visible(text: str) -> str:
    """The text with nothing in it that a terminal obeys."""
    from handoffmap.telling import sanitize

    return sanitize.visible(text)


def did_you_mean(word: str, names: Sequence[str]) -> str:
    """A question with the name that is closest to a word, with a space before it; empty where none is close."""
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in names}
    close = get_close_matches(word.casefold(), list(folded), n=1)
    return f' Did you mean "{folded[close[0]]}"?' if close else ""
