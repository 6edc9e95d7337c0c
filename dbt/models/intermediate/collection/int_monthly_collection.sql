-- grain: one calendar month between the first and the last month with posts; says whether the feed covers it.
-- Reference: the median of the up to twelve months with posts that lie nearest before and after, so that the first months
-- of a history are judged too. Limits: posts on nine of ten days; 0.6 to 3 times the reference.
{{ config(materialized='table') }}

with

daily_post_counts as (
    select * from {{ ref('int_daily_post_counts') }}
),

spine as (
    select cast(unnest(generate_series(min(posted_month), max(posted_month), interval 1 month)) as date) as posted_month
    from daily_post_counts
),

monthly as (
    select
        spine.posted_month,
        coalesce(sum(daily_post_counts.post_count), 0) as post_count,
        count(distinct daily_post_counts.posted_date) as days_with_posts,
        day(last_day(spine.posted_month)) as days_in_month,
    from spine
    left join daily_post_counts using (posted_month)
    group by spine.posted_month
),

referenced as (
    select
        *,
        median(nullif(post_count, 0)) over (
            order by posted_month
            rows between 6 preceding and 6 following
            exclude current row
        ) as reference_post_count,
    from monthly
),

judged as (
    select
        *,
        case
            when post_count = 0 then 'empty'
            when days_with_posts < 0.9 * days_in_month then 'partial'
            when {{ is_unusual_volume('post_count', 'reference_post_count') }} then 'unusual_volume'
            else 'complete'
        end as status,
    from referenced
),

final as (
    select
        posted_month,
        cast(post_count as bigint) as post_count,
        days_in_month,
        days_with_posts,
        cast(round(reference_post_count) as bigint) as reference_post_count,
        status,
        case status
            when 'empty' then 'no posts were collected'
            when 'partial' then 'posts on ' || days_with_posts || ' of ' || days_in_month || ' days'
            when 'unusual_volume' then
                round(post_count / reference_post_count, 2)
                || ' times the median of the neighbouring months ('
                || cast(round(reference_post_count) as bigint) || ' posts)'
        end as status_reason,
    from judged
)

select * from final
