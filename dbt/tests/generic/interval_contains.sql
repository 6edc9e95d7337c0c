{#- All three unknown is an estimate that was not made; one or two unknown is a broken row. -#}
{% test interval_contains(model, estimate, low, high) %}

with

judged as (
    select
        *,
        {{ estimate }} is null and {{ low }} is null and {{ high }} is null as is_absent,
        coalesce({{ low }} <= {{ estimate }} and {{ estimate }} <= {{ high }}, false) as is_inside,
    from {{ model }}
)

select * from judged
where not is_absent and not is_inside

{% endtest %}
