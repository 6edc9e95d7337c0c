{#- An empty model has no share and passes: not_empty is the test for that. -#}
{% test at_most_null_share(model, column_name, share) %}

with

counted as (
    select
        count(*) as row_count,
        count(*) - count({{ column_name }}) as null_count,
    from {{ model }}
)

select * from counted
where null_count > {{ share }} * row_count

{% endtest %}
