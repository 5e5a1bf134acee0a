"""The hash by which GitHub knows a finding again: of the first hundred characters from a line on, blanks left out.

The algorithm is that of the upload action of GitHub's code scanning (github/codeql-action, `src/fingerprints.ts`),
which fills the hash in where it is missing and warns where it finds another one.
"""

from __future__ import annotations

__all__ = ["line_hashes"]

_BLOCK = 100
"""Characters, as UTF-16 counts them, that are hashed from the beginning of a line."""
_FACTOR = 37
_MODULUS = 1 << 64
_END = "\uffff"
"""Closes the text; what is missing of a block after it counts as zero."""
_BLANK = {ord(" "): None, ord("\t"): None}


def line_hashes(text: str, wanted: frozenset[int]) -> dict[int, str]:
    """The hashes of the wanted lines (from 1) of a text: hexadecimal digits, a colon, and which one of its like it is.

    Lines that the text does not have are left out.
    """
    packed = (text.replace("\r\n", "\n").replace("\r", "\n").translate(_BLANK) + _END).encode(
        "utf-16-le", "surrogatepass"
    )
    width = len("\n".encode("utf-16-le"))
    found: dict[int, str] = {}
    seen: dict[bytes, int] = {}
    begin, line = 0, 1
    while begin < len(packed):
        block = packed[begin : begin + _BLOCK * width]
        seen[block] = seen.get(block, 0) + 1
        if line in wanted:
            found[line] = f"{_hashed(block, width):x}:{seen[block]}"
        begin, line = _next_line(packed, begin, width), line + 1
    return found


def _next_line(packed: bytes, begin: int, width: int) -> int:
    """Where the line after the one that begins here begins; the end of the text after the last one."""
    mark = "\n".encode("utf-16-le")
    at = packed.find(mark, begin)
    while at >= 0 and at % width:  # the second half of one character and the first of the next
        at = packed.find(mark, at + 1)
    return len(packed) if at < 0 else at + width


def _hashed(block: bytes, width: int) -> int:
    units = [int.from_bytes(block[at : at + width], "little") for at in range(0, len(block), width)]
    hashed = 0
    for unit in units + [0] * (_BLOCK - len(units)):
        hashed = (hashed * _FACTOR + unit) % _MODULUS
    return hashed
