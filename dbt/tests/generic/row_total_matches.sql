{#- The full join keeps a group that one side lacks, and such a group fails even when its total is unknown. -#}
{% test row_total_matches(model, to, total="count(*)", to_total="count(*)", group_by=[], to_where="true") %}

with

here as (
    select
        {% for key in group_by -%}
        {{ key }},
        {% endfor -%}
        true as is_here,
        {{ total }} as here_total,
    from {{ model }}
    {% if group_by %}group by {{ group_by | join(", ") }}{% endif %}
),

there as (
    select
        {% for key in group_by -%}
        {{ key }},
        {% endfor -%}
        true as is_there,
        {{ to_total }} as there_total,
    from {{ to }}
    where {{ to_where }}
    {% if group_by %}group by {{ group_by | join(", ") }}{% endif %}
),

compared as (
    select
        {% for key in group_by -%}
        coalesce(here.{{ key }}, there.{{ key }}) as {{ key }},
        {% endfor -%}
        here.here_total,
        there.there_total,
        here.is_here is null or there.is_there is null as is_one_sided,
    from here
    full outer join there
        on
            {% for key in group_by -%}
            here.{{ key }} is not distinct from there.{{ key }}{{ " and" if not loop.last }}
            {% else -%}
            true
            {% endfor %}
)

select * from compared
where is_one_sided or here_total is distinct from there_total

{% endtest %}
