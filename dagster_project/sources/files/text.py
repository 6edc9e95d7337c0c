"""The text of a file: unpacked, decoded, with bytes of another encoding kept visible instead of guessed."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast

import pyarrow as pa

COMPRESSION = {".gz": "gzip", ".zst": "zstd"}
_CHUNK_CHARACTERS = 1 << 20


@contextmanager
def open_text(path: Path, encoding: str, newline: str | None = "") -> Iterator[TextIO]:
    """The decoded file without its byte order mark; bytes that the encoding does not know become lone surrogates."""
    known = codecs.lookup(encoding).name
    with pa.input_stream(str(path), compression=COMPRESSION.get(path.suffix)) as stream:
        yield io.TextIOWrapper(
            cast("io.BufferedReader", stream),
            encoding="utf-8-sig" if known == "utf-8" else known,
            errors="surrogateescape",
            newline=newline,
        )


def count_lines(path: Path, encoding: str) -> int:
    """Lines by their ends, counted in blocks; a last line needs none."""
    lines, last = 0, "\n"
    with open_text(path, encoding, newline=None) as stream:
        while block := stream.read(_CHUNK_CHARACTERS):
            lines += block.count("\n")
            last = block[-1]
    return lines + (last != "\n")


def is_of_the_encoding(text: str) -> bool:
    """False where the file held bytes that its encoding does not know."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str) -> str:
    r"""The text with bytes of another encoding written as `\x93`."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
