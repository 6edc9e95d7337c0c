{#- Quartiles of values by how often each occurs: rows by the million have values by the thousand, and to sort all of them takes
    memory that DuckDB neither counts nor spills.

    Reads the CTE `frequencies`: the domain's columns, value_usd, row_count. Gives `final`: the domain and its three
    quartiles, each the lowest value at or below which a quarter, a half, three quarters of the rows lie. -#}
{% macro quartile_ctes(domain) %}
{%- set columns = domain | join(', ') -%}
ranked as (
    select
        *,
        sum(row_count) over (
            partition by {{ columns }}
            order by value_usd
            rows between unbounded preceding and current row
        ) as rows_up_to,
        sum(row_count) over (partition by {{ columns }}) as all_rows,
    from frequencies
),

final as (
    select
        {{ columns }},
        min(value_usd) filter (where 4 * rows_up_to >= all_rows) as lower_quartile_usd,
        min(value_usd) filter (where 2 * rows_up_to >= all_rows) as median_value_usd,
        min(value_usd) filter (where 4 * rows_up_to >= 3 * all_rows) as upper_quartile_usd,
    from ranked
    group by {{ columns }}
)
{%- endmacro %}
