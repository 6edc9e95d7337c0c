{#- On a column: no row where the column is known. An all-null column passes most other tests. -#}
{% test not_empty(model, column_name=none) %}

with

counted as (
    select count({{ column_name or "*" }}) as known_count,
    from {{ model }}
)

select * from counted
where known_count = 0

{% endtest %}
