{#- Every contract of a relation under each technology that it counts for: `any` = all contracts, `non_ai` = known post that is not
    AI, and those of its post. -#}
{% macro technology_contracts(relation) -%}
    select
        'any' as technology,
        *,
    from {{ relation }}
    union all
    select
        'non_ai',
        *,
    from {{ relation }}
    where has_known_post and not list_contains(technologies, 'ai')
    union all
    select
        unnest(technologies),
        *,
    from {{ relation }}
{%- endmacro %}

{#- The months in which contracts of a relation started, under each of the periods that hold them: contracts meet their
    periods by the month's equality, which is cheaper than comparing each with both ends. -#}
{% macro months_of_contracts(relation, periods) -%}
    select
        {{ periods }}.period_id,
        months.started_month,
    from (select distinct started_month from {{ relation }}) as months
    inner join {{ periods }} on months.started_month between {{ periods }}.period_start and {{ periods }}.period_end
{%- endmacro %}
