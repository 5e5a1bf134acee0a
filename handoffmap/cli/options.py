"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "FORMS", "Command", "color_option", "debug_option", "fail_on_option", "form_option", "forms_and_files",
    "output_option", "with_option",
]  # fmt: skip

FORMS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown")


class Command(click.Command):
    """A command that takes `--debug` behind its name too, where people add it when something went wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(debug_option())


def debug_option() -> click.Option:
    """`--debug`, anew for each command that takes it."""
    # Only its presence counts (see `Program.main`): the traceback may come before any command has run.
    return click.Option(["--debug"], is_flag=True, expose_value=False, help="Show the traceback of a crash.")


def fail_on_option(default: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """`--fail-on` and `--strict`."""

    def decorate(command: Callable[..., int]) -> Callable[..., int]:
        command = click.option("--strict", is_flag=True, help="Let --fail-on count undetermined findings too.")(command)
        return click.option(
            "--fail-on",
            type=click.Choice(["error", "warning", "note", "never"]),
            default=default,
            show_default=True,
            help="Exit with 1 if a confirmed finding is this severe or worse.",
        )(command)

    return decorate


output_option = click.option(
    "-o", "--output", "target", type=click.Path(), metavar="FILE", help="Write to FILE; - is standard output."
)


with_option = click.option(
    "--with",
    "overlays",
    multiple=True,
    metavar="OVERLAY",
    help="Lay a partial map over it: a new channel, a new 3PL, another fact (repeatable, in this order).",
)

color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the text; NO_COLOR and FORCE_COLOR are heeded by auto.",
)


def form_option(option: str, *forms: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """The choice of a form for standard output, the first being the default."""
    return click.option(
        option,
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help="How to tell it on standard output.",
    )


def forms_and_files(
    _context: click.Context, _option: click.Parameter, values: tuple[str, ...]
) -> list[tuple[str, str]]:
    """`FORMAT=FILE`, taken apart."""
    pairs = []
    for value in values:
        form, _, file = value.partition("=")
        if form not in FORMS or not file:
            raise click.BadParameter(f"{value!r} is not FORMAT=FILE; the formats are {', '.join(FORMS)}.")
        pairs.append((form, file))
    return pairs
