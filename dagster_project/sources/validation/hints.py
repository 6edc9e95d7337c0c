"""What a value that cannot be read looks like, and what the mapping can do about it."""

_SECONDS, _MILLISECONDS = r"^\s*-?\d{9,10}(\.\d+)?( as milliseconds)?\s*$", r"^\s*-?\d{12,13}(\.\d+)?( as seconds)?\s*$"
_FINER = r"^\s*-?\d{15,19}(\.\d+)?( as (milli)?seconds)?\s*$"

_TIMES = (
    (_SECONDS, "looks like seconds since 1970: read it by epoch_s_time(...) in the mapping"),
    (_MILLISECONDS, "looks like milliseconds since 1970: read it by epoch_ms_time(...) in the mapping"),
    (_FINER, "looks like micro- or nanoseconds since 1970: divide it in the mapping, then epoch_s_time(...)"),
    (r"(?i)\d\s*\+.*\bago\b", "is no exact age: such a row has no time; map another column"),
    (
        r"(?i)\b(ago|yesterday|today|now|last (week|month|year))\b",
        "looks like an age in words: map observed_at, the time at which it was seen, or write "
        "ago(column, seen) in the mapping; units are seconds to years",
    ),
    (
        r"^\s*\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d{2})\b",
        "does not say whether day or month comes first: write day_first(...) or month_first(...) in the mapping",
    ),
    (
        r"\d\s+[A-Za-z]{2,5}\s*$",
        "ends in letters that several time zones share: replace them by an offset such as +01:00, or cut them off "
        "and write local_time(column, 'Europe/London') in the mapping",
    ),
    (r"^\s*\d{4}(-?W?\d{2})?\s*$", "names no day: write one into the mapping's expression, such as column || '-01'"),
)
_AMOUNTS = (
    (
        r"\(.* or .*\)$",
        "can be read in two ways: correct it in the source, or say which sign is decimal in the mapping, "
        "money(..., decimal_sign := '.') or ','",
    ),
    (r"\(in .*\)$", "names another currency than its column: correct it in the source, or fix the mapping and replay"),
    (
        r"\d",
        "cannot be read as one amount: money(column) in the mapping understands signs, separators, ranges and K or M; "
        "else correct it in the source, or fix the mapping and replay",
    ),
)
_LISTS = (
    (
        r"[{]",
        "holds objects without a name, label, prefLabel, title, skill or value (keys seen: {keys}): write an "
        "expression that takes the text out of them, or fix the source",
    ),
    (
        r"[^\s\[]",
        "is no list: split_list(column) in the mapping parts a text at bars, semicolons, line ends or commas",
    ),
)


def hints(sql_type: str) -> tuple[tuple[str, str], ...]:
    """Patterns (RE2) of values of a contract's type that are not understood, the first that fits first, and the advice.

    The advice follows the quoted value in a message; it may hold {keys}, the keys of objects.
    """
    if sql_type in ("TIMESTAMP", "DATE"):
        return _TIMES
    if sql_type.startswith("DECIMAL(18,2)"):
        return _AMOUNTS
    return _LISTS if sql_type == "VARCHAR[]" else ()
