"""The command line: the one place that prints, reads the environment and decides exit codes.

Exit codes, the same for every command and format: 0 nothing at or above `--fail-on`; 1 findings; 2 could not
do the job (usage, unreadable or invalid file, crash); 3 nothing was checked.

Only click is imported at the top: `--help` and `--version` cost what click costs. A command imports what it
needs.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from handoffmap import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from handoffmap.finding import Diagnosis, Finding, Report
    from handoffmap.remedy.plan import Plan
    from handoffmap.source import Source

__all__ = ["main"]

FINDINGS, FAILED, NOTHING_CHECKED = 1, 2, 3

_SEVERITIES = ("note", "warning", "error")
_FORMS = ("text", "concise", "json")


class _Command(click.Command):
    """A command that takes `--debug` behind its name too, where people add it when something went wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(_debug_option())


class _Group(click.Group):
    """The whole command line; turns whatever goes wrong into exit code 2 and one line."""

    command_class = _Command

    def main(  # type: ignore[override]  # never returns, whichever mode click would have
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,  # noqa: ARG002 - `python -m handoffmap` is called handoffmap too
        **extra: Any,
    ) -> None:
        given = sys.argv[1:] if args is None else list(args)
        _take_any_character(sys.stdout, sys.stderr)
        extra["standalone_mode"] = False  # by itself click exits with 1, which means "findings" here
        try:
            code = super().main(given, self.name, **extra)
        except click.ClickException as error:
            _complain(error)
            code = FAILED
        except (click.Abort, KeyboardInterrupt):
            _say_error("interrupted")
            code = FAILED
        except Exception as error:  # nobody gets a traceback who did not ask for one
            if "--debug" in given:
                raise
            code = _crash(error)
        if args is None:
            _leave(code or 0)
        sys.exit(code or 0)


def _leave(code: int) -> None:
    """End the program at once: taking down a large map object by object takes seconds and frees nothing for anybody."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return  # a closed or broken pipe: the ordinary way out knows what to do
    os._exit(code)


def _debug_option() -> click.Option:
    # Only its presence counts (see `_Group.main`): the traceback may come before any command has run.
    return click.Option(["--debug"], is_flag=True, expose_value=False, help="Show the traceback of a crash.")


@click.group(
    name="handoffmap",
    cls=_Group,
    params=[_debug_option()],
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 nothing to fail on, 1 findings, 2 could not do the job, 3 nothing was checked.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> int:
    """Map systems and write paths; tell which counts must agree, which can drift, what to ask next."""
    if context.invoked_subcommand is not None:
        return 0
    click.echo(context.get_help(), err=True)
    return FAILED


# -- options that several commands share ---------------------------------------------------------------------


def _fail_on(default: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
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


_output = click.option(
    "-o", "--output", "target", type=click.Path(), metavar="FILE", help="Write to FILE; - is standard output."
)


_with = click.option(
    "--with",
    "overlays",
    multiple=True,
    metavar="OVERLAY",
    help="Lay a partial map over it: a new channel, a new 3PL, another fact (repeatable, in this order).",
)

_color = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the text; NO_COLOR and FORCE_COLOR are heeded by auto.",
)


def _form(option: str, *forms: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """The choice of a form for standard output, the first being the default."""
    return click.option(
        option,
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help="How to tell it on standard output.",
    )


def _forms_and_files(
    _context: click.Context, _option: click.Parameter, values: tuple[str, ...]
) -> list[tuple[str, str]]:
    """`FORMAT=FILE`, taken apart."""
    pairs = []
    for value in values:
        form, _, file = value.partition("=")
        if form not in _FORMS or not file:
            raise click.BadParameter(f"{value!r} is not FORMAT=FILE; the formats are {', '.join(_FORMS)}.")
        pairs.append((form, file))
    return pairs


# -- the commands --------------------------------------------------------------------------------------------


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@_with
@_form("--output-format", *_FORMS)
@click.option(
    "--output",
    "outputs",
    callback=_forms_and_files,
    multiple=True,
    metavar="FORMAT=FILE",
    help="Also write them to FILE in FORMAT (repeatable).",
)
@_fail_on("error")
@click.option("-v", "--verbose", is_flag=True, help="List every cell's verdict with its premises.")
@_color
def check(  # noqa: PLR0917 - click hands all of them over by name
    paths: tuple[str, ...],
    overlays: tuple[str, ...],
    form: str,
    outputs: list[tuple[str, str]],
    fail_on: str,
    strict: bool,
    verbose: bool,
    color: str,
) -> int:
    """Judge topologies: files, folders, globs, or - for standard input."""
    from handoffmap.telling.formats import render

    report = _check(paths, overlays)
    _free_to_write([file for _, file in outputs], report.sources)
    _say(render(report, form, colour=_colour(color), verbose=verbose or strict))
    for other, file in outputs:
        _write(file, render(report, other, verbose=verbose or strict))
    return _judge(report, fail_on, strict)


@main.command()
@click.argument("path")
@_with
@_form("--output-format", *_FORMS)
@_output
@click.option("--finding", metavar="ID", help="Only the finding of this fingerprint, code or slug.")
@_fail_on("error")
@_color
def prove(  # noqa: PLR0917 - click hands all of them over by name
    path: str,
    overlays: tuple[str, ...],
    form: str,
    target: str | None,
    finding: str | None,
    fail_on: str,
    strict: bool,
    color: str,
) -> int:
    """Show each drift as a run in numbers, and prove the cells that must agree."""
    from handoffmap.prove import prove as prove_map
    from handoffmap.telling.proofs import names_of, render_proofs

    checked, diagnosis = _diagnose(path, overlays)
    _free_to_write([target], checked.sources)
    if finding is not None and not any(finding in names_of(each) for each in diagnosis.findings):
        known = sorted({each.slug for each in diagnosis.findings})
        raise click.ClickException(f"no finding is called {_visible(finding)}.{_did_you_mean(finding, known)}")
    checked = checked._replace(diagnoses=(diagnosis._replace(proved=prove_map(diagnosis)),))
    if form == "json" and not overlays:  # a patch is for the files of one map
        from handoffmap.remedy.offer import remedies_for

        (proved,) = checked.diagnoses
        checked = checked._replace(diagnoses=(proved._replace(remedies=remedies_for(diagnosis)),))
    if form == "text":
        _deliver(render_proofs(checked, colour=_colour(color) and target is None, only=finding), target)
    else:
        from handoffmap.telling.formats import render

        _deliver(render(checked, form), target)
    return _judge(checked, fail_on, strict)


@main.command()
@click.argument("path")
@click.option(
    "--output-format",
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How to tell it on standard output.",
)
@_output
@click.option(
    "--apply",
    "applied",
    metavar="N",
    type=click.IntRange(min=1),
    help="Write the map with the first N steps applied beside the original (NAME.planned.yaml).",
)
@click.option("--force", is_flag=True, help="Overwrite the planned file if another one is there.")
@_fail_on("never")
def plan(path: str, form: str, target: str | None, applied: int | None, force: bool, fail_on: str, strict: bool) -> int:
    """Put remedies into an order: what each clears, what remains, what it costs."""
    from handoffmap.remedy.plan import plan as make_plan
    from handoffmap.telling.fix_plan import render_plan

    checked, diagnosis = _diagnose(path)
    _free_to_write([target], checked.sources)
    made = make_plan(diagnosis)
    files = {} if applied is None else _planned(made, applied, force=force)
    _deliver(render_plan(made, form), target)
    if applied is not None:
        _write_planned(files, min(applied, len(made.steps)), len(made.steps))
    return _judge(checked, fail_on, strict)


def _planned(made: Plan, applied: int, *, force: bool) -> dict[str, str]:
    """The files that a plan's first steps lead to; refuses to overwrite others than those."""
    from handoffmap.remedy.draft import Draft
    from handoffmap.remedy.patch import CannotPatch
    from handoffmap.remedy.planned import planned_files

    if not made.steps:
        return {}
    try:
        files = planned_files(Draft(made.start.topology, made.start), made.steps[:applied][-1].draft)
    except CannotPatch as reason:
        raise click.ClickException(f"{_visible(str(reason))}; nothing was written") from None
    for file, text in files.items():
        if os.path.lexists(file) and not force and not _holds(file, text):
            raise click.ClickException(f"{_visible(file)} is already there; --force overwrites it.")
    return files


def _holds(file: str, text: str) -> bool:
    """Whether a file holds just this text: then writing it again loses nothing."""
    try:
        with open(file, "rb") as stream:  # noqa: PTH123 - pathlib is not loaded for this
            return stream.read() == text.encode("utf-8", "surrogatepass")
    except OSError:
        return False


def _write_planned(files: dict[str, str], applied: int, steps: int) -> None:
    if not files:
        _say_error("the plan has no steps: nothing was written")
    for file, text in files.items():
        before = "overwrote" if os.path.lexists(file) and not _holds(file, text) else "wrote"
        _write(file, text)
        _say_error(f"{before} {_visible(file)} with {applied} of {steps} step{'' if steps == 1 else 's'} applied")


@main.command()
@click.argument("path")
@_with
@_output
@click.option("--format", "form", type=click.Choice(["html", "md"]), help="Default: as FILE ends, else html.")
@_fail_on("never")
def report(
    path: str, overlays: tuple[str, ...], target: str | None, form: str | None, fail_on: str, strict: bool
) -> int:
    """Write the gap report of one topology and print where it is."""
    from handoffmap.prove import MOST_CELLS, prove

    checked, diagnosis = _diagnose(path, overlays)
    if len(diagnosis.verdicts) <= MOST_CELLS:
        diagnosis = diagnosis._replace(proved=prove(diagnosis))
    _free_to_write([target], checked.sources)
    form = form or _form_by_ending(target, {"html": "html", "htm": "html", "md": "md", "markdown": "md"})
    target = target or f"{_stem(diagnosis.file)}.report.{form}"
    if form == "html":
        from handoffmap.telling.html import render_html

        told = render_html(diagnosis)
    else:
        from handoffmap.telling.markdown import render_markdown

        told = render_markdown(diagnosis)
    _deliver(told, target)
    return _judge(checked, fail_on, strict)


@main.command()
@click.argument("path")
@_with
@_form("--format", "text", "json", "md")
@_output
@_fail_on("never")
def questions(path: str, overlays: tuple[str, ...], form: str, target: str | None, fail_on: str, strict: bool) -> int:
    """List what has to be asked, the most telling question first."""
    from handoffmap.telling.question_list import render_questions

    checked, diagnosis = _diagnose(path, overlays)
    _free_to_write([target], checked.sources)
    _deliver(render_questions(diagnosis, form), target)
    return _judge(checked, fail_on, strict)


@main.command()
@click.argument("rule")
def explain(rule: str) -> int:
    """Explain a rule, named by its code or its slug."""
    from handoffmap.rules import all_rules, find_rule
    from handoffmap.telling.explain import render_rule

    found = find_rule(rule)
    if found is None:
        names = [name for one in all_rules() for name in (one.code, one.slug)]
        raise click.ClickException(f"There is no rule {rule!r}.{_did_you_mean(rule, names)}")
    _say(render_rule(found))
    return 0


@main.command()
@_form("--output-format", "text", "json")
def rules(form: str) -> int:
    """List all rules."""
    from handoffmap.rules import all_rules
    from handoffmap.telling.explain import render_rules

    _say(render_rules(all_rules(), form))
    return 0


@main.command()
@click.argument("path")
@_with
@click.option(
    "--kind",
    type=click.Choice(["map", "event", "gap", "matrix"]),
    help="What to draw: the whole map (default), an event's way, a finding's neighbourhood, events by cells.",
)
@click.option("--event", metavar="EVENT", help="The event to follow (--kind event).")
@click.option("--finding", metavar="ID", help="The finding's fingerprint, code or slug (--kind gap).")
@click.option("--format", "form", type=click.Choice(["svg", "dot", "png"]), help="Default: as FILE ends, else svg.")
@_output
@_fail_on("never")
def diagram(  # noqa: PLR0917 - click hands all of them over by name
    path: str,
    overlays: tuple[str, ...],
    kind: str | None,
    event: str | None,
    finding: str | None,
    form: str | None,
    target: str | None,
    fail_on: str,
    strict: bool,
) -> int:
    """Draw a topology; without -o the picture goes to standard output."""
    if kind is None:
        kind = "event" if event is not None else "gap" if finding is not None else "map"
    checked, diagnosis = _diagnose(path, overlays)
    _free_to_write([target], checked.sources)
    form = form or _form_by_ending(target, {"svg": "svg", "dot": "dot", "gv": "dot", "png": "png"})
    from handoffmap.telling.picture import draw_picture

    try:
        picture = draw_picture(diagnosis, kind, form, event=event, finding=finding)
    except LookupError as error:
        raise click.ClickException(str(error.args[0])) from None
    _deliver(picture, target)
    return _judge(checked, fail_on, strict)


@main.command()
@click.argument("old")
@click.argument("new", required=False)
@_with
@_form("--output-format", "text", "markdown", "json")
@_output
@_fail_on("never")
@_color
def diff(  # noqa: PLR0917 - click hands all of them over by name
    old: str,
    new: str | None,
    overlays: tuple[str, ...],
    form: str,
    target: str | None,
    fail_on: str,
    strict: bool,
    color: str,
) -> int:
    """Tell what differs in meaning between two topologies, or what an overlay opens and closes.

    NEW is OLD itself if it is left out; --with lays over NEW.
    """
    if new is None and not overlays:
        raise click.UsageError("Name a second topology, or what to lay over this one (--with).")
    from handoffmap.difference import compare
    from handoffmap.telling.formats import render_difference

    _read_once(old, *([] if new is None else [new]), *overlays)
    new = old if new is None else new
    stdin = _stdin(old, new, *overlays)
    before = _check([old], stdin=stdin)
    after = _check([new], overlays, stdin)
    difference = compare(*_only((old, before), (new, after)))
    _free_to_write([target], {**before.sources, **after.sources})
    _deliver(render_difference(difference, form, colour=_colour(color) and target in {None, "-"}), target)
    return FINDINGS if difference.worse(_failing(fail_on), undetermined=strict) else 0


@main.command()
@click.argument("name", required=False)
@click.option("-o", "--output", "target", type=click.Path(), metavar="FILE", help="Default: NAME.yaml.")
@click.option("--list", "listing", is_flag=True, help="List the bundled topologies.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it is there.")
def init(name: str | None, target: str | None, listing: bool, force: bool) -> int:
    """Start a topology: a copy of the bundled one called NAME, or an empty one with comments."""
    from handoffmap.starter import bundled, list_bundled, starter

    if listing:
        _say(list_bundled())
        return 0
    try:
        text = starter() if name is None else bundled(name)
    except LookupError as error:
        names = error.args[1] if len(error.args) > 1 else []
        raise click.ClickException(f"{error.args[0]}{_did_you_mean(name or '', names)}") from None
    target = target or ("topology.yaml" if name is None else f"{name.removesuffix('.yaml')}.yaml")
    if target != "-" and os.path.lexists(target) and not force:
        raise click.ClickException(f"{_visible(target)} is already there; --force overwrites it.")
    _deliver(text, target)
    return 0


@main.command()
@_output
def schema(target: str | None) -> int:
    """Give the JSON Schema of a topology file, for editors."""
    import json

    from handoffmap.schema import json_schema

    _deliver(json.dumps(json_schema(), indent=2) + "\n", target)
    return 0


# -- checking and judging ------------------------------------------------------------------------------------


def _form_by_ending(target: str | None, forms: dict[str, str]) -> str:
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


def _check(paths: Sequence[str], overlays: Sequence[str] = (), stdin: bytes | None = None) -> Report:
    """Check what the paths lead to; `stdin` is what stands there if it has been read already."""
    from handoffmap.check import check_paths

    if overlays:
        _read_once(*dict.fromkeys(paths), *overlays)
    if stdin is None:
        stdin = _stdin(*paths, *overlays)
    report = check_paths(paths, stdin=stdin, overlays=overlays)
    # All of it lives to the end: a collection, at exit at the latest, would walk it all for nothing.
    gc.freeze()
    if not report.diagnoses and not report.invalid:
        others = f" ({report.skipped:,} YAML files without it)" if report.skipped else ""
        _say_error(f"nothing to check: no file with a top-level `handoffmap:` key{others}")
    files = [diagnosis.file for diagnosis in report.diagnoses] + [file for file, _ in report.invalid]
    if overlays and len(files) > 1:
        told = ", ".join(map(_visible, files))
        raise click.UsageError(f"--with lays over one topology, and here are several: {told}.")
    return report


def _stdin(*paths: str) -> bytes | None:
    """What stands in the standard input, if one of the paths means it."""
    return sys.stdin.buffer.read() if "-" in paths and sys.stdin is not None else None


def _read_once(*paths: str) -> None:
    if paths.count("-") > 1:
        raise click.UsageError("The standard input can be read once: name one file - and no other.")


def _diagnose(path: str, overlays: Sequence[str] = ()) -> tuple[Report, Diagnosis]:
    """Check the one topology that `path` leads to; end the command if there is none or it is invalid."""
    report = _check([path], overlays)
    return report, _only((path, report))[0]


def _only(*checked: tuple[str, Report]) -> list[Diagnosis]:
    """The one diagnosis of each report; where one of them has none, or is of an invalid file, that ends the command."""
    told: list[tuple[Finding, ...]] = []
    for _, report in checked:
        for _file, problems in report.invalid:
            if problems not in told:
                from handoffmap.telling.text import render_findings

                told.append(problems)
                colour = _colour("auto", sys.stderr)
                click.echo(render_findings(problems, report.sources, colour=colour), err=True, color=True)
    if told:
        raise click.exceptions.Exit(FAILED)
    for path, report in checked:
        if not report.diagnoses:
            raise click.exceptions.Exit(NOTHING_CHECKED)
        if len(report.diagnoses) > 1:
            files = ", ".join(_visible(diagnosis.file) for diagnosis in report.diagnoses)
            raise click.UsageError(f"This command takes one topology, and {_visible(path)} has several: {files}.")
    return [report.diagnoses[0] for _, report in checked]


def _judge(report: Report, fail_on: str, strict: bool) -> int:
    """The exit code of a run."""
    if report.invalid:
        return FAILED
    if not report.diagnoses:
        return NOTHING_CHECKED
    if fail_on == "never":
        return 0
    failing = _failing(fail_on)
    failed = any(
        finding.severity in failing and (strict or finding.confidence == "confirmed")
        for diagnosis in report.diagnoses
        for finding in diagnosis.findings
    )
    return FINDINGS if failed else 0


def _failing(fail_on: str) -> tuple[str, ...]:
    """The severities that count for `--fail-on`."""
    return () if fail_on == "never" else _SEVERITIES[_SEVERITIES.index(fail_on) :]


# -- output --------------------------------------------------------------------------------------------------


def _say(told: str | bytes) -> None:
    """Print a result; a reader that has left (`| head`) is no mistake of anybody's."""
    try:
        click.echo(told, nl=False, color=True)  # colour has been decided on: click is to leave it alone
    except BrokenPipeError:
        _abandon(sys.stdout)
    except OSError as error:
        _abandon(sys.stdout)
        raise click.ClickException(f"standard output cannot be written ({error.strerror})") from error


def _take_any_character(*streams: Any) -> None:
    """Let streams of another encoding than UTF-8 show an escape for what they have no character for."""
    for stream in streams:
        if hasattr(stream, "reconfigure"):  # not where somebody has put an object of their own in its place
            stream.reconfigure(errors="backslashreplace")


def _abandon(stream: Any) -> None:
    """Point a stream to nowhere, so that Python's own flush at the end does not fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _say_error(message: str) -> None:
    try:
        click.echo(f"handoffmap: {message}", err=True)
    except OSError:
        _abandon(sys.stderr)


def _deliver(told: str | bytes, target: str | None) -> None:
    """Write a result to a file and print where it is, or print the result itself."""
    if target is None or target == "-":
        if isinstance(told, bytes) and sys.stdout.isatty():
            raise click.UsageError("A terminal cannot show this picture; name a file with -o FILE.")
        _say(told)
        return
    _write(target, told)
    _say(f"{_visible(target)}\n")


def _write(target: str, told: str | bytes) -> None:
    from handoffmap import output

    if isinstance(told, bytes):
        output.write_bytes_atomically(target, told)
    else:
        output.write_text_atomically(target, told)


def _free_to_write(targets: Iterable[str | None], sources: Mapping[str, Source]) -> None:
    """Refuse a target that is one of the files that were read, or that is named twice."""
    read = {os.path.realpath(source.path) for source in sources.values() if source.path is not None}
    seen: set[str] = set()
    for target in targets:
        if target is None or target == "-":
            continue
        real = os.path.realpath(target)
        if real in read:
            raise click.ClickException(f"{_visible(target)} is an input; write to another file.")
        if real in seen:
            raise click.ClickException(f"{_visible(target)} is named for two outputs.")
        seen.add(real)


def _colour(wish: str, stream: Any = None) -> bool:
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool((stream or sys.stdout).isatty()) and os.environ.get("TERM") != "dumb"


def _visible(text: str) -> str:
    from handoffmap.telling.sanitize import visible

    return visible(text)


def _stem(file: str) -> str:
    """The name of a file without folder and ending; what was piped in is called `stdin`."""
    from pathlib import PurePath

    return "stdin" if file == "<stdin>" else PurePath(file).stem


def _did_you_mean(word: str, names: Sequence[str]) -> str:
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in names}
    close = get_close_matches(word.casefold(), list(folded), n=1)
    return f' Did you mean "{folded[close[0]]}"?' if close else ""


# -- what went wrong -----------------------------------------------------------------------------------------


def _complain(error: click.ClickException) -> None:
    message = _visible_lines(error.format_message())
    if isinstance(error, click.UsageError) and error.ctx is not None:
        message += f"\nTry '{error.ctx.command_path} --help'."
    _say_error(message)


def _crash(error: Exception) -> int:
    """One line for an error of ours, of the machine, or of the program itself."""
    from handoffmap.errors import HandoffmapError

    if isinstance(error, HandoffmapError):
        _say_error(_visible(str(error)))
    elif isinstance(error, BrokenPipeError):
        _abandon(sys.stdout)
    else:
        told = f"{type(error).__name__}: {error}".strip()
        _say_error(f"internal error: {_visible(told)}; --debug gives the traceback for a bug report")
    return FAILED


def _visible_lines(text: str) -> str:
    return "\n".join(_visible(line) for line in text.split("\n"))
