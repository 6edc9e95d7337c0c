-- grain: one month and sub-category. Expected posts are those that the month would have held without growth.
with

growth as (
    select
        posted_month as month,
        category_id,
        series_id,
        series,
        population,
        verdict,
        post_count as posts,
        cast(post_count / (1 + adjusted_growth_pct / 100) as decimal(18, 6)) as expected_posts,
    from monthly_adjusted_growth
    where level = 'sub_category' and adjusted_growth_pct > -100
),

categories as (
    select distinct
        series_id as category_id,
        series as category,
    from monthly_adjusted_growth
    where level = 'category'
),

final as (
    select
        growth.month,
        growth.category_id,
        max(categories.category) as category,
        growth.series_id as sub_category_id,
        growth.series as sub_category,
        max(growth.verdict) filter (where growth.population = 'us') as us_verdict,
        max(growth.posts) filter (where growth.population = 'us') as us_posts,
        max(growth.expected_posts) filter (where growth.population = 'us') as us_expected_posts,
        max(growth.verdict) filter (where growth.population = 'all') as verdict,
        max(growth.posts) filter (where growth.population = 'all') as posts,
        max(growth.expected_posts) filter (where growth.population = 'all') as expected_posts,
    from growth
    left join categories on growth.category_id = categories.category_id
    group by growth.month, growth.category_id, growth.series_id, growth.series
)

select
    *,
    month = max(month) over () as is_latest_month,
from final
