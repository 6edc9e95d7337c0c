{#- An unknown comparison (NULL) counts as allow_null says, never as passed by accident. -#}
{% test between(model, column_name, min=none, max=none, inclusive=true, allow_null=false) %}
{%- if min is none and max is none -%}
    {{ exceptions.raise_compiler_error("between on " ~ column_name ~ ": give min, max or both") }}
{%- endif -%}
{%- set equal = "=" if inclusive else "" -%}
{%- set bounds = [] -%}
{%- if min is not none %}{% do bounds.append(column_name ~ " >" ~ equal ~ " " ~ min) %}{% endif -%}
{%- if max is not none %}{% do bounds.append(column_name ~ " <" ~ equal ~ " " ~ max) %}{% endif -%}

with

outside as (
    select *
    from {{ model }}
    where coalesce(not ({{ bounds | join(" and ") }}), {{ not allow_null }})
)

select * from outside

{% endtest %}
