{#- A key with an unknown part has no parent and fails, unlike dbt's relationships, which skips NULL. -#}
{% test foreign_key(model, columns, to, to_columns=none) %}
{%- set parent_columns = to_columns or columns -%}

with

orphans as (
    select child.*
    from {{ model }} as child
    where not exists (
        select 1
        from {{ to }} as parent
        where
            {% for column in columns -%}
            child.{{ column }} = parent.{{ parent_columns[loop.index0] }}{{ " and" if not loop.last }}
            {% endfor %}
    )
)

select * from orphans

{% endtest %}
