{#- Rows of a relation with is_us_client, category_id, sub_category_id and post_count, summed into the series of growth: level
    (total, category, sub_category, composite), series_id and population (us, all), by the given further columns. Reads the
    CTE `composites`. -#}
{% macro post_series(relation, columns) -%}
    select
        {%- for column in columns %}
        rows_of_series.{{ column }},
        {%- endfor %}
        levels.level,
        case levels.level
            when 'total' then 'all_posts'
            when 'category' then rows_of_series.category_id
            else rows_of_series.sub_category_id
        end as series_id,
        populations.population,
        cast(sum(rows_of_series.post_count) as bigint) as post_count,
    from {{ relation }} as rows_of_series
    cross join (values ('total'), ('category'), ('sub_category')) as levels (level)
    cross join (values ('us'), ('all')) as populations (population)
    where populations.population = 'all' or rows_of_series.is_us_client
    group by all
    union all
    select
        {%- for column in columns %}
        rows_of_members.{{ column }},
        {%- endfor %}
        'composite' as level,
        composites.composite_id as series_id,
        populations.population,
        cast(sum(rows_of_members.post_count) as bigint) as post_count,
    from {{ relation }} as rows_of_members
    inner join composites on {{ is_member('rows_of_members') }}
    cross join (values ('us'), ('all')) as populations (population)
    where populations.population = 'all' or rows_of_members.is_us_client
    group by all
{%- endmacro %}

{#- Whether a row with category_id and sub_category_id belongs to the member of a composite. -#}
{% macro is_member(relation) -%}
    composites.member_id
    = case composites.member_level when 'category' then {{ relation }}.category_id else {{ relation }}.sub_category_id end
{%- endmacro %}
