"""The findings of an earlier revision in git, read without touching the work tree."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

from handoffmap.check import check_paths
from handoffmap.errors import NoRevision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoffmap.check import Judge
    from handoffmap.diagnosis import Report

__all__ = ["report_since"]

_ENDINGS = (".yaml", ".yml")
_LINK = "120000"
"""The mode of a symbolic link, which is not followed."""


def report_since(
    revision: str, paths: Sequence[str], overlays: Sequence[str] = (), judge: Judge | None = None
) -> Report:
    """What `check` would have said of the same paths at a revision; what was not there then said nothing.

    `judge`: what judges the files, as for `check_paths`.

    Raises `NoRevision` where there is no git, no repository, or no such revision.
    """
    root = Path(os.fsdecode(_git("rev-parse", "--show-toplevel")).strip())
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", sought=revision)
    here = Path.cwd().resolve()
    named = [os.path.relpath(path, here) for path in paths if path != "-"]
    laid = [os.path.relpath(path, here) for path in overlays if path != "-"]
    with tempfile.TemporaryDirectory(prefix="handoffmap-since-") as scratch:
        for name, data in _files(root, commit.decode().strip()):
            file = Path(scratch, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        then = Path(scratch) / here.relative_to(root.resolve())
        then.mkdir(parents=True, exist_ok=True)
        with chdir(then):  # so that files are called what they are called today
            there = [path for path in named if _was_there(path)]
            return check_paths(there, overlays=list(filter(_was_there, laid)), judge=judge)


def _was_there(path: str) -> bool:
    return any(mark in path for mark in "*?[") or Path(path).exists()


def _files(root: Path, commit: str) -> Iterator[tuple[str, bytes]]:
    """The YAML files of a commit, each with its name from the root of the repository."""
    listed = _git("-C", str(root), "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")
    blobs: list[tuple[str, str]] = []
    for entry in filter(None, listed):
        facts, _, name = entry.partition(b"\t")
        mode, kind, blob = facts.decode().split()
        file = os.fsdecode(name)
        if kind == "blob" and mode != _LINK and file.lower().endswith(_ENDINGS):
            blobs.append((file, blob))
    asked = "".join(f"{blob}\n" for _, blob in blobs).encode()
    packed = _git("-C", str(root), "cat-file", "--batch", given=asked)
    at = 0
    for file, _blob in blobs:
        end = packed.index(b"\n", at)
        size = int(packed[at:end].split()[2])
        yield file, packed[end + 1 : end + 1 + size]
        at = end + size + 2


def _git(*arguments: str, sought: str = "", given: bytes = b"") -> bytes:
    """What git answers. Raises `NoRevision` where it does not; `sought`: the revision that it was asked for."""
    try:
        done = subprocess.run(["git", *arguments], input=given, capture_output=True, check=False)  # noqa: S603, S607
    except FileNotFoundError:
        raise NoRevision("git is not installed", where="--since", hint="compare with --baseline instead") from None
    if done.returncode and sought:
        hint = "name a branch, a tag or a commit that `git rev-parse` knows"
        raise NoRevision(f"there is no revision {sought!r}", where="--since", hint=hint)
    if done.returncode:
        raise NoRevision("this folder is in no git repository", where="--since", hint="compare with --baseline instead")
    return done.stdout
