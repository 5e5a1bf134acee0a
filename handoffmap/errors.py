"""Why handoffmap cannot go on: the exceptions, each of which ends the command with exit code 2.

::

    HandoffmapError           could not do the job
    ├── UnreadableFile        an input that cannot be opened or read at all
    ├── UnwritableOutput      a result that cannot be put where it was asked for
    ├── UnknownRule           a name that no rule has
    ├── BadSettings           a configuration or a baseline that does not say what it has to
    ├── NoRevision            a git revision that cannot be looked at
    ├── PluginFailed          a rule of somebody's own that raises, gives rubbish, or never answers
    └── WorkerDied            a process that judged some of many maps and is no more

What is wrong *inside* a file that could be read is a `Problem`, not an exception: those are collected, so
that one run tells them all.
"""

from __future__ import annotations

__all__ = [
    "BadSettings", "HandoffmapError", "NoRevision", "PluginFailed", "UnknownRule", "UnreadableFile", "UnwritableOutput",
    "WorkerDied",
]  # fmt: skip


class HandoffmapError(Exception):
    """The job could not be done; the message says what, where, and what to do about it.

    `what` and `where` go into the message as they are (they may hold a user's file name, so whoever shows
    them escapes them); `hint` is the next step, or nothing when there is none to give.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(what, where, hint)

    def __str__(self) -> str:
        told = self.what if self.where is None else f"{self.where}: {self.what}"
        return told if self.hint is None else f"{told}; {self.hint}"


class UnreadableFile(HandoffmapError):  # noqa: N818 - reads as what it is: an unreadable file
    """An input is missing, is a folder, or may not be read."""


class UnwritableOutput(HandoffmapError):  # noqa: N818 - as above
    """A result cannot be written; what was there before is untouched."""


class UnknownRule(HandoffmapError):  # noqa: N818 - as above
    """A rule is named that is not there."""


class BadSettings(HandoffmapError):  # noqa: N818 - as above
    """A file of settings cannot be understood; nothing is guessed."""


class NoRevision(HandoffmapError):  # noqa: N818 - as above
    """A git revision is not there, or there is no repository."""


class PluginFailed(HandoffmapError):  # noqa: N818 - as above
    """A rule that somebody else wrote has failed; without its answer the run would say too little."""


class WorkerDied(HandoffmapError):  # noqa: N818 - as above
    """A process that judged some of many maps has ended without its answers."""
