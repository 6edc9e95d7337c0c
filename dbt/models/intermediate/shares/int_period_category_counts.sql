-- grain: one period, category and value filter; all posts of the category, the denominator of penetration.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_periods()) }}

with

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
),

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

client_counts as (
    select
        period_months.period_id,
        job_posts.category_id,
        job_posts.client_number,
        {%- for value_filter, minimum in value_filters() %}
        count(*) filter (where {{ passes_value_filter(minimum) }}) as posts_{{ value_filter }},
        {%- endfor %}
    from job_posts
    inner join period_months using (posted_month)
    where job_posts.category_id is not null
    group by period_months.period_id, job_posts.category_id, job_posts.client_number
),

final as (
    {% for value_filter, minimum in value_filters() %}
    select
        period_id,
        category_id,
        '{{ value_filter }}' as value_filter,
        cast(sum(posts_{{ value_filter }}) as bigint) as category_post_count,
        count(*) filter (where posts_{{ value_filter }} > 0) as cluster_count,
        cast(sum(posts_{{ value_filter }} * posts_{{ value_filter }}) as bigint) as sum_nn,
    from client_counts
    group by period_id, category_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
