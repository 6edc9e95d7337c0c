-- grain: one period, technology, value filter and category with an audited post.
with

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
    where category_id is not null
),

final as (
    {% for value_filter, minimum in value_filters() %}
    select
        period_months.period_id,
        audited_posts.technology,
        '{{ value_filter }}' as value_filter,
        audited_posts.category_id,
        count(*) as audited_count,
        count(*) filter (where {{ is_audited_as_technology() }}) as audited_technology_count,
    from audited_posts
    inner join period_months using (posted_month)
    where {{ passes_value_filter(minimum) }}
    group by period_months.period_id, audited_posts.technology, audited_posts.category_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
