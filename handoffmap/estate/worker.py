"""A worker: reads maps from its standard input, a list a line, and answers with their records.

It answers on what was its standard output; whatever a rule of somebody's own prints goes to standard error.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoffmap.errors import HandoffmapError

if TYPE_CHECKING:
    from typing import BinaryIO

    from handoffmap.rules import Rule

__all__ = ["main"]


def main() -> None:
    """Answer until nothing more is asked, or nobody listens any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it
    with suppress(BrokenPipeError), os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        asked = sys.stdin.buffer
        begin = json.loads(asked.readline())
        rules = _rules(begin)
        for line in asked:
            for job in json.loads(line):
                _answer(job, rules, answers, whole=begin["whole"])
                answers.flush()


def _rules(begin: Any) -> tuple[Rule, ...] | HandoffmapError:
    """The team's own rules, or why they cannot be had: that is the answer to every map then."""
    from handoffmap.own.declared import read_rules
    from handoffmap.own.plugins import plugin_rules
    from handoffmap.text.source import Source

    try:
        declared = (each.rule for name, text in begin["files"] for each in read_rules(Source(name, text)))
        return (*declared, *(plugin_rules() if begin["packages"] else ()))
    except HandoffmapError as error:
        return error


def _answer(job: Any, rules: tuple[Rule, ...] | HandoffmapError, answers: BinaryIO, *, whole: bool) -> None:
    from handoffmap.estate.judging import judged
    from handoffmap.text.source import Source

    name, text, path = job
    if isinstance(rules, HandoffmapError):
        _send(answers, _failure(rules))
        return
    try:
        record = judged(Source(name, text, None if path is None else Path(path)), rules, whole=whole)
    except HandoffmapError as error:
        _send(answers, _failure(error))
    except Exception:  # noqa: BLE001 - whoever asked judges it once more, and tells of it as if there were no workers
        _send(answers, {"crashed": True})
    else:
        _send(answers, {"sizes": [len(record.told), len(record.deep)]}, record.told, record.deep)


def _failure(error: HandoffmapError) -> dict[str, Any]:
    return {"failed": [type(error).__name__, error.what, error.where, error.hint]}


def _send(answers: BinaryIO, head: dict[str, Any], *parts: bytes) -> None:
    answers.write(json.dumps(head).encode("ascii") + b"\n")
    answers.writelines(parts)
