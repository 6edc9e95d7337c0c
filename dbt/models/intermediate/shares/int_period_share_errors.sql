-- grain: one planned period, technology, value filter, category and client with a post in which the audit differs from the
-- classifier.
{{ config(materialized='table') }}

with

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
    where correction_weight != 0 and category_id is not null
),

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

errors as (
    {% for value_filter, minimum in value_filters() %}
    select
        period_months.period_id,
        audited_posts.technology,
        '{{ value_filter }}' as value_filter,
        audited_posts.category_id,
        audited_posts.client_number,
        audited_posts.outcome,
        audited_posts.weight,
        audited_posts.correction_weight,
    from audited_posts
    inner join period_months using (posted_month)
    where {{ passes_value_filter(minimum) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        period_id,
        technology,
        value_filter,
        category_id,
        client_number,
        sum(correction_weight) as error_weight,
        {{ audit_error_sums() }}
    from errors
    group by period_id, technology, value_filter, category_id, client_number
)

select * from final
