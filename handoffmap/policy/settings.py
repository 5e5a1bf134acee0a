"""A project's settings: `[tool.handoffmap]` in `pyproject.toml`, or `handoffmap.toml`, whichever is nearest upward.

One file counts and none is merged. Every key is known or an error, all errors in one run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from handoffmap.errors import BadSettings
from handoffmap.finding import Confidence, Severity
from handoffmap.policy.gate import THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["KEYS", "PERSONAS", "Settings", "find_settings", "read_settings"]

PERSONAS = ("ci", "architect", "discovery")
"""Who reads: a pipeline (what is proven), an architect (every premise), a consultant (what nobody has said yet)."""


class Settings(NamedTuple):
    """What a project has settled; what a command line says comes before it."""

    file: str | None = None
    """The file that says so; None: there is none."""
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    strict: bool = False
    min_confidence: Confidence = "undetermined"
    persona: str = "ci"
    severity: Mapping[str, Severity] = {}
    """Rule, as written -> the severity that it has here."""
    baseline: str | None = None
    """A file, relative to the one that names it."""
    rules: tuple[str, ...] = ()
    """Files with rules of the team's own, relative to the one that names them."""


def _words(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    return None


def _one_of(*words: str) -> Callable[[Any], str | None]:
    return lambda value: value if value in words else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _severities(value: Any) -> dict[str, Severity] | None:
    if isinstance(value, dict) and all(each in get_args(Severity) for each in value.values()):
        return value
    return None


KEYS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "select": ("rules to tell: codes, slugs, prefixes (HM2) or ranges (HM201-HM209)", _words),
    "extend-select": ("rules to tell besides those of `select`", _words),
    "ignore": ("rules to leave out", _words),
    "fail-on": (f"the severity at which a run fails: {', '.join(THRESHOLDS)}", _one_of(*THRESHOLDS)),
    "strict": ("true to let undetermined findings fail a run", _flag),
    "min-confidence": (f"what is told at all: {' or '.join(get_args(Confidence))}", _one_of(*get_args(Confidence))),
    "persona": (f"who reads the text: {', '.join(PERSONAS)}", _one_of(*PERSONAS)),
    "severity": (f"a table of rule = severity ({', '.join(get_args(Severity))})", _severities),
    "baseline": ("the file of findings that are known, relative to this one", _text),
    "rules": ("files with rules of your own, relative to this one", _words),
}
"""Key -> what it takes, in words, and the reader that gives None for what it does not take."""


def find_settings(start: Path) -> Path | None:
    """The nearest file of settings from a folder upward, to the root of the repository at the most."""
    for folder in (start, *start.parents):
        own = folder / "handoffmap.toml"
        if own.is_file():
            return own
        project = folder / "pyproject.toml"
        if project.is_file() and b"tool.handoffmap" in project.read_bytes():
            return project
        if (folder / ".git").exists():
            return None
    return None


def read_settings(file: Path, name: str | None = None) -> Settings:
    """The settings of a file. Raises `BadSettings` that tells every defect with its line; `name`: how it is called."""
    import tomllib  # only where there are settings

    where = str(file) if name is None else name
    try:
        text = file.read_text(encoding="utf-8")
        data: dict[str, Any] = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise BadSettings(
            f"cannot be read as TOML ({error})", where=where, hint="correct it, or use --isolated"
        ) from error
    if file.name == "pyproject.toml":
        data = data.get("tool", {}).get("handoffmap", {})
        if not isinstance(data, dict):
            raise BadSettings("`tool.handoffmap` must be a table", where=where)
    found: dict[str, Any] = {"file": where}
    wrong: list[str] = []
    for key, value in data.items():
        line = _line_of(text, key)
        if key not in KEYS:
            wrong.append(f"{where}:{line}: there is no setting `{key}`{_close(key)}")
            continue
        takes, read = KEYS[key]
        known = read(value)
        if known is None:
            wrong.append(f"{where}:{line}: `{key}` takes {takes}, not {value!r}{_close_word(takes, value)}")
        else:
            found[key.replace("-", "_")] = known
    if wrong:
        raise BadSettings("\n".join((*wrong, "`handoffmap config show` lists the settings")))
    return Settings(**found)


def _line_of(text: str, key: str) -> int:
    """The line, from 1, in which a key stands; 1 where it cannot be told."""
    pattern = rf"""^[ \t]*(?:\[[^\]\n]*\b)?["']?{re.escape(key)}["']?[ \t]*(?:=|\])"""
    match = re.search(pattern, text, re.MULTILINE)
    return 1 if match is None else text.count("\n", 0, match.start()) + 1


def _close(key: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key.replace("_", "-"), list(KEYS), n=1)
    return f'; did you mean "{close[0]}"?' if close else f" (there are {', '.join(KEYS)})"


def _close_word(takes: str, value: Any) -> str:
    from difflib import get_close_matches

    words = re.findall(r"[a-z]+", takes.rpartition(":")[2])
    wrong = [each for each in value.values() if each not in words] if isinstance(value, dict) else [value]
    close = get_close_matches(str(wrong[0]), words, n=1) if wrong else []
    return f'; did you mean "{close[0]}"?' if close else ""
