{#- The default tolerance covers the rounding of 20 shares to 6 digits; a group with an unknown share fails. -#}
{% test sums_to_one(model, group_by, column, tolerance=0.00001) %}

with

totals as (
    select
        {% for key in group_by -%}
        {{ key }},
        {% endfor -%}
        sum({{ column }}) as share_total,
        count(*) - count({{ column }}) as unknown_count,
    from {{ model }}
    group by
        {% for key in group_by -%}
        {{ key }}{{ "," if not loop.last }}
        {% endfor %}
)

select * from totals
where unknown_count > 0 or abs(share_total - 1) > {{ tolerance }}

{% endtest %}
