{#- One test a table instead of one a column: each test costs a query, and an event in Dagster. -#}
{% test no_nulls(model, columns) %}

with incomplete as (

    select *
    from {{ model }}
    where {% for column in columns %}{{ column }} is null{{ " or " if not loop.last }}{% endfor %}
)

select * from incomplete

{% endtest %}
