-- grain: one month. Technologies and populations are columns, because their posts overlap and rows of them would not add up.
with

counts as (
    select
        posted_month as month,
        technology,
        population,
        post_count,
        classified_count,
        cast(corrected_penetration_share * post_count as decimal(18, 6)) as corrected_count,
    from monthly_technology_posts
),

final as (
    select
        month,
        max(post_count) filter (where population = 'all') as posts,
        max(classified_count) filter (where population = 'all' and technology = 'ai') as ai_posts,
        max(classified_count) filter (where population = 'all' and technology = 'cloud') as cloud_posts,
        max(classified_count) filter (where population = 'all' and technology = 'rpa') as rpa_posts,
        max(corrected_count) filter (where population = 'all' and technology = 'ai') as corrected_ai_posts,
        max(corrected_count) filter (where population = 'all' and technology = 'cloud') as corrected_cloud_posts,
        max(corrected_count) filter (where population = 'all' and technology = 'rpa') as corrected_rpa_posts,
        max(post_count) filter (where population = 'us') as us_posts,
        max(classified_count) filter (where population = 'us' and technology = 'ai') as us_ai_posts,
        max(classified_count) filter (where population = 'us' and technology = 'cloud') as us_cloud_posts,
        max(classified_count) filter (where population = 'us' and technology = 'rpa') as us_rpa_posts,
        max(corrected_count) filter (where population = 'us' and technology = 'ai') as us_corrected_ai_posts,
        max(corrected_count) filter (where population = 'us' and technology = 'cloud') as us_corrected_cloud_posts,
        max(corrected_count) filter (where population = 'us' and technology = 'rpa') as us_corrected_rpa_posts,
    from counts
    group by month
)

select
    *,
    month = max(month) over () as is_latest_month,
from final
