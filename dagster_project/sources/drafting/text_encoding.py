"""Which encoding a text is in: a byte order mark or valid UTF-8 decide, else charset-normalizer among usual ones."""

import codecs

from charset_normalizer import from_bytes

from dagster_project.sources.errors import SourceError

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
"""A mark is left out by the reader, so a file with one is read like one without."""
_USUAL = {
    "cp1252": "windows-1252", "cp1250": "windows-1250", "cp1251": "windows-1251", "cp1253": "windows-1253",
    "cp1254": "windows-1254", "cp1255": "windows-1255", "cp1256": "windows-1256", "cp1257": "windows-1257",
    "koi8_r": "koi8-r", "cp932": "shift_jis", "gb18030": "gb18030", "big5": "big5", "cp949": "cp949",
    "euc_jp": "euc-jp", "iso8859_2": "iso-8859-2", "mac_roman": "macintosh",
}  # fmt: skip
"""Python's name -> the usual one, the most usual first: it wins where the text fits several equally well."""
USUAL_ENCODINGS = tuple(_USUAL.values())
_BYTES_LOOKED_AT = 256 * 1024
_AS_GOOD = 0.03


def decode(file_name: str, content: bytes, is_whole: bool) -> tuple[str, str, tuple[str, ...]]:
    """Text, name of its encoding and what to say of it; `is_whole` is False for the first part of a longer file.

    Raises SourceError for bytes that are no text.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.removeprefix(codecs.BOM_UTF8).decode(name, errors="replace"), name, ()
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(content, final=is_whole), "utf-8", ()
    except UnicodeDecodeError:
        return _guess(file_name, content)


def _guess(file_name: str, content: bytes) -> tuple[str, str, tuple[str, ...]]:
    lines = [line for line in content.splitlines() if not line.isascii()]
    found = list(from_bytes(b"\n".join(lines)[:_BYTES_LOOKED_AT], cp_isolation=list(_USUAL)))
    if not found or b"\x00" in content[:1024]:
        raise SourceError(f"{file_name}: no text in any usual encoding; give CSV, JSON, Parquet or a workbook")
    best = max(match.coherence - match.chaos for match in found)
    good = {
        name
        for match in found
        if match.coherence - match.chaos >= best - _AS_GOOD
        for name in (match.encoding, *match.could_be_from_charset)  # those that read the same letters
    }
    chosen, *others = [name for name in _USUAL if name in good]
    alternatives = f"; as well {', '.join(_USUAL[name] for name in others)}" if others else ""
    note = f"the encoding is a guess from its letters: {_USUAL[chosen]}{alternatives}"
    return content.decode(chosen, errors="replace"), _USUAL[chosen], (note,)
