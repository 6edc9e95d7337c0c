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
