"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "FORMS", "Command", "color_option", "debug_option", "fail_on_option", "files_in_forms", "form_option",
    "forms_and_files", "output_option", "outputs_option", "with_option",
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
    pairs = [_form_and_file(value) for value in values]
    for value, (form, file) in zip(values, pairs, strict=True):
        if not form or not file:
            raise click.BadParameter(f"{value!r} is not FORMAT=FILE; the formats are {', '.join(FORMS)}.")
    return pairs


def files_in_forms(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
    """`FORMAT=FILE`, taken apart; a plain `FILE` has an empty form: that of standard output."""
    return [
        (form, file) if form and file else ("", value) for value in values for form, file in [_form_and_file(value)]
    ]


def _form_and_file(value: str) -> tuple[str, str]:
    form, _, file = value.partition("=")
    return (form, file) if form in FORMS else ("", "")


outputs_option = click.option(
    "--output",
    "outputs",
    callback=forms_and_files,
    multiple=True,
    metavar="FORMAT=FILE",
    help="Also write them to FILE in FORMAT (repeatable).",
)
