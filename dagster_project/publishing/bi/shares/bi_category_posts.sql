-- grain: one month and category, posts of clients in all countries.
with

shares as (
    select * from period_technology_category_shares
    where period_kind = 'month' and value_filter = 'all'
),

final as (
    select
        period_start as month,
        category_id,
        category,
        is_technical,
        max(category_post_count) as posts,
        max(classified_count) filter (where technology = 'ai') as ai_posts,
        max(classified_count) filter (where technology = 'cloud') as cloud_posts,
        max(classified_count) filter (where technology = 'rpa') as rpa_posts,
        max(cast(corrected_penetration_share * category_post_count as decimal(18, 6)))
            filter (where technology = 'ai') as corrected_ai_posts,
        max(cast(corrected_penetration_share * category_post_count as decimal(18, 6)))
            filter (where technology = 'cloud') as corrected_cloud_posts,
        max(cast(corrected_penetration_share * category_post_count as decimal(18, 6)))
            filter (where technology = 'rpa') as corrected_rpa_posts,
    from shares
    group by period_start, category_id, category, is_technical
)

select
    *,
    month = max(month) over () as is_latest_month,
from final
