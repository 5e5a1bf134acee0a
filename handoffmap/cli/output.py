"""Results on disk: a file is replaced whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from handoffmap.errors import UnwritableOutput

__all__ = ["write_bytes_atomically", "write_text_atomically"]


def write_text_atomically(path: str | Path, text: str) -> None:
    r"""Put `text` (UTF-8, line breaks as they are) at `path`, in place of what is there.

    The text goes to a temporary file in the same folder first and is moved over `path` in one step, so that a
    failure leaves the old file untouched and no partial one behind. A symbolic link keeps pointing where it
    does: its target is replaced. Devices and pipes (`/dev/stdout`) cannot be replaced and are written to
    directly.

    Raises `UnwritableOutput` when the folder is missing, the path is a folder, or writing is refused.
    """
    try:
        data = text.encode("utf-8")
    except ValueError as error:  # half a character, which no file can hold
        raise UnwritableOutput(f"cannot be written ({error})", where=str(path)) from error
    write_bytes_atomically(path, data)


def write_bytes_atomically(path: str | Path, data: bytes) -> None:
    """Put `data` at `path` as `write_text_atomically` does, for what is not text (a picture).

    Raises `UnwritableOutput` as that does.
    """
    try:
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise UnwritableOutput("is a folder", where=str(path), hint="name a file to write to")
        if target.exists() and not target.is_file():
            target.write_bytes(data)
        else:
            _replace(target, data)
    except FileNotFoundError as error:
        raise UnwritableOutput("the folder does not exist", where=str(path), hint="make it first") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        hint = "name another file, or free this one" if isinstance(error, OSError) else None
        raise UnwritableOutput(f"cannot be written ({reason})", where=str(path), hint=hint) from error


def _replace(target: Path, data: bytes) -> None:
    if target.exists() and not os.access(target, os.W_OK):
        # A move would get past the write protection that somebody put there on purpose.
        raise PermissionError(13, "Permission denied")
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode(target))
        Path(temporary).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _mode(target: Path) -> int:
    """Permissions of the file that is replaced, or those that the user's umask gives to a new one."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
