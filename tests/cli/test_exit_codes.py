"""0 nothing to fail on, 1 findings, 2 could not do the job, 3 nothing was checked: in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handoffmap.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from handoffmap.finding import Finding

    Run = Callable[..., Result]
    Judged = Callable[..., None]

FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "severity, confidence, options, code",
    [
        ("error", "confirmed", (), 1),
        ("warning", "confirmed", (), 0),
        ("warning", "confirmed", ("--fail-on", "warning"), 1),
        ("note", "confirmed", ("--fail-on", "warning"), 0),
        ("note", "confirmed", ("--fail-on", "note"), 1),
        ("error", "confirmed", ("--fail-on", "never"), 0),
        ("error", "undetermined", (), 0),
        ("error", "undetermined", ("--fail-on", "note"), 0),
        ("error", "undetermined", ("--strict",), 1),
        ("warning", "undetermined", ("--strict",), 0),
        ("error", "undetermined", ("--strict", "--fail-on", "never"), 0),
    ],
)
def test_a_judgement_depends_on_severity_and_confidence(  # noqa: PLR0917 - a column each
    run: Run,
    judged: Judged,
    finding: Callable[..., Finding],
    severity: str,
    confidence: str,
    options: tuple[str, ...],
    code: int,
    form: str,
) -> None:
    judged(finding(severity, confidence))
    assert run("check", "map.yaml", "--output-format", form, *options).exit_code == code


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("options", [(), ("--fail-on", "never")])
def test_an_invalid_file_is_2_whatever_else_was_found(
    run: Run, judged: Judged, finding: Callable[..., Finding], options: tuple[str, ...], form: str
) -> None:
    judged(finding("error"), invalid=True)
    result = run("check", "map.yaml", "--output-format", form, *options)
    assert result.exit_code == 2
    assert "HM001" in result.stdout


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_checked_is_3_and_says_so(run: Run, judged: Judged, form: str) -> None:
    judged(files=(), skipped=2)
    result = run("check", "folder", "--output-format", form)
    assert result.exit_code == 3
    assert result.stderr == (
        "handoffmap: nothing to check: no file with a top-level `handoffmap:` key (2 YAML files without it)\n"
    )


@pytest.mark.parametrize("command", ["report", "questions", "diagram"])
def test_the_commands_that_need_a_topology_say_that_there_is_none(run: Run, judged: Judged, command: str) -> None:
    judged(files=())
    assert run(command, "folder").exit_code == 3
    judged(files=(), invalid=True)
    result = run(command, "bad.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "HM001 syntax" in result.stderr
    judged(files=("a.yaml", "b.yaml"))
    result = run(command, "folder")
    assert result.exit_code == 2
    assert "a.yaml, b.yaml" in result.stderr


@pytest.mark.parametrize("command", ["questions"])
def test_other_commands_fail_on_findings_only_when_told_to(
    run: Run, judged: Judged, finding: Callable[..., Finding], command: str
) -> None:
    judged(finding("error"))
    assert run(command, "map.yaml").exit_code == 0
    assert run(command, "map.yaml", "--fail-on", "error").exit_code == 1


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("chek",),
        ("check",),
        ("check", "--nope", "map.yaml"),
        ("check", "map.yaml", "--fail-on", "panic"),
        ("check", "map.yaml", "--output-format", "xml"),
        ("check", "map.yaml", "--output", "json"),
        ("check", "map.yaml", "--output", "json="),
        ("check", "map.yaml", "--output", "xml=x"),
        ("report",),
        ("report", "a.yaml", "b.yaml"),
        ("diagram", "map.yaml", "--kind", "pie"),
        ("init", "no-such"),
        ("init", "../../x"),
        ("init", "a", "b"),
        ("schema", "x"),
    ],
    ids=" ".join,
)
def test_a_slip_of_usage_is_2_and_one_short_message(run: Run, judged: Judged, args: tuple[str, ...]) -> None:
    judged()
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "crash, told",
    [
        (RuntimeError("bad\x1b luck"), "internal error: RuntimeError: bad\\x1b luck"),
        (RecursionError("too deep"), "internal error: RecursionError: too deep"),
        (MemoryError(), "internal error: MemoryError"),
        (UnreadableFile("may not be read", where="a\nb"), "a\\nb: may not be read"),
        (KeyboardInterrupt(), "interrupted"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_crash_is_2_and_one_line(run: Run, judged: Judged, crash: BaseException, told: str) -> None:
    judged(crash=crash)
    result = run("check", "map.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    message = result.stderr.lstrip("\n")  # click ends the line that a Ctrl-C stands on
    assert message.startswith(f"handoffmap: {told}")
    assert message.count("\n") == 1


@pytest.mark.parametrize("args", [("--debug", "check", "map.yaml"), ("check", "map.yaml", "--debug")])
def test_debug_shows_where_it_crashed(run: Run, judged: Judged, args: tuple[str, ...]) -> None:
    judged(crash=RuntimeError("bad luck"))
    result = run(*args)
    assert isinstance(result.exception, RuntimeError)
