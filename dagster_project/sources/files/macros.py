"""Functions that a mapping's expressions may call.

Each returns text that the contract's type can be cast from, or the given text where it does not understand it, so
that the row is rejected as `unparsable` with the value as it came.
"""

_AMOUNT = r"(-?)\s*\$?\s*(-?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?\s*([KkMm]?)"
_MONEY_PATTERN = rf"\s*\[?\s*[''\"]?\s*{_AMOUNT}\s*[''\"]?\s*(?:,\s*''''\s*)?\]?\s*"
"""An amount, bare or as the only filled item of a list in text; quotes are doubled as in SQL."""
_BLANK_PATTERN = r"[\s\[\],''\"]*"

MACROS = f"""
create or replace temp macro money(given) as
    case
        when given is null or regexp_full_match(given::varchar, '{_BLANK_PATTERN}') then null
        when regexp_full_match(given::varchar, '{_MONEY_PATTERN}') and regexp_matches(given::varchar, '\\d')
        then coalesce((
            try_cast(
                regexp_extract(given::varchar, '{_MONEY_PATTERN}', 1)
                || regexp_extract(given::varchar, '{_MONEY_PATTERN}', 2)
                || '0' || replace(regexp_extract(given::varchar, '{_MONEY_PATTERN}', 3), ',', '')
                || regexp_extract(given::varchar, '{_MONEY_PATTERN}', 4)
            as decimal(24, 6))
            * case upper(regexp_extract(given::varchar, '{_MONEY_PATTERN}', 5))
                when 'K' then 1000 when 'M' then 1000000 else 1
            end
        )::varchar, given::varchar)
        else given::varchar
    end;

create or replace temp macro epoch_ms_time(milliseconds) as
    case
        when try_cast(milliseconds as bigint) between -62135596800000 and 253402300799999
        then make_timestamp(try_cast(milliseconds as bigint) * 1000)::varchar
        else milliseconds::varchar
    end;

create or replace temp macro snowflake_time(id) as
    case
        when try_cast(id as bigint) >= 0
        then make_timestamp(((try_cast(id as bigint) >> 22) + 1288834974657) * 1000)::varchar
        else id::varchar
    end;

create or replace temp macro latest_time(first_time, second_time) as
    case
        when trim(first_time::varchar) <> '' and try_cast(first_time::varchar as timestamptz) is null
        then first_time::varchar
        when trim(second_time::varchar) <> '' and try_cast(second_time::varchar as timestamptz) is null
        then second_time::varchar
        else greatest(
            try_cast(first_time::varchar as timestamptz), try_cast(second_time::varchar as timestamptz)
        )::varchar
    end;
"""
