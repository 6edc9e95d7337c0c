{#- All three unknown is an estimate that was not made; one or two unknown is a broken row. -#}
{% test interval_contains(model, estimates) %}

with broken as (

    select *
    from {{ model }}
    where
        {% for estimate in estimates -%}
        (
            not ({{ estimate }} is null and {{ estimate }}_low is null and {{ estimate }}_high is null)
            and not coalesce({{ estimate }} between {{ estimate }}_low and {{ estimate }}_high, false)
        )
        {{ "or" if not loop.last }}
        {% endfor %}
)

select * from broken

{% endtest %}
