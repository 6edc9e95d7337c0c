-- grain: one period, technology, value filter, category and client with at least one accepted post that passes the filter.
{{ config(materialized='view') }}

with

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
    where category_id is not null
),

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

final as (
    {% for value_filter, minimum in value_filters() %}
    select
        period_months.period_id,
        classified_posts.technology,
        '{{ value_filter }}' as value_filter,
        classified_posts.category_id,
        classified_posts.client_number,
        count(*) as classified_count,
    from classified_posts
    inner join period_months using (posted_month)
    where {{ passes_value_filter(minimum) }}
    group by
        period_months.period_id, classified_posts.technology, classified_posts.category_id, classified_posts.client_number
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
