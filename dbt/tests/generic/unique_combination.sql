{#- Two NULLs are equal here: group by puts them into one group. -#}
{% test unique_combination(model, columns) %}

with

duplicated as (
    select
        {% for column in columns -%}
        {{ column }} as key_{{ loop.index }},
        {% endfor -%}
        count(*) as row_count,
    from {{ model }}
    group by
        {% for column in columns -%}
        {{ column }}{{ "," if not loop.last }}
        {% endfor %}
    having count(*) > 1
)

select * from duplicated

{% endtest %}
