-- grain: one month, level (total, category, sub_category, composite), series, population: what adjusted growth is estimated from.
-- A month is as old as the feed's last observation is after its end; its base is counted as it was known at that age.
{{ config(materialized='table') }}

with

growth_counts as (
    select * from {{ ref('int_monthly_growth_counts') }}
    where level in ('total', 'category', 'sub_category', 'composite')
),

sub_categories as (
    select * from {{ ref('sub_categories') }}
),

composites as (
    select * from {{ ref('composites') }}
),

daily_post_counts as (
    select * from {{ ref('int_daily_post_counts') }}
),

late_post_counts as (
    select * from {{ ref('int_monthly_late_post_counts') }}
),

last_observation as (
    select cast(max(observed_at) as date) as observed_date from {{ ref('stg_marketplace__job_posts') }}
),

ages as (
    select
        months.posted_month,
        date_diff('day', last_day(months.posted_month), last_observation.observed_date) as age_days,
        date_diff('day', last_day(months.posted_month + interval 1 month), last_observation.observed_date) as next_age_days,
        date_diff('day', last_day(months.posted_month + interval 2 month), last_observation.observed_date) as second_age_days,
        date_diff('day', last_day(months.posted_month + interval 3 month), last_observation.observed_date) as third_age_days,
    from (select distinct posted_month from growth_counts) as months
    cross join last_observation
),

daily_series as (
    {{ post_series('daily_post_counts', ['posted_month', 'posted_date']) }}
),

month_days as (
    select
        posted_month,
        unnest(generate_series(posted_month, last_day(posted_month), interval 1 day)) as posted_date,
    from ages
),

daily_lists as (
    select
        growth_counts.posted_month,
        growth_counts.level,
        growth_counts.series_id,
        growth_counts.population,
        list(coalesce(daily_series.post_count, 0) order by month_days.posted_date) as daily_post_counts,
    from growth_counts
    inner join month_days on growth_counts.posted_month = month_days.posted_month
    left join daily_series
        on
            month_days.posted_date = daily_series.posted_date
            and growth_counts.level = daily_series.level
            and growth_counts.series_id = daily_series.series_id
            and growth_counts.population = daily_series.population
    group by growth_counts.posted_month, growth_counts.level, growth_counts.series_id, growth_counts.population
),

late_series as (
    {{ post_series('late_post_counts', ['posted_month', 'days_after_month_end']) }}
),

late_sums as (
    select
        late_series.posted_month,
        late_series.level,
        late_series.series_id,
        late_series.population,
        sum(late_series.post_count) filter (where late_series.days_after_month_end > ages.next_age_days) as late_count_1,
        sum(late_series.post_count) filter (where late_series.days_after_month_end > ages.second_age_days) as late_count_2,
        sum(late_series.post_count) filter (where late_series.days_after_month_end > ages.third_age_days) as late_count_3,
    from late_series
    inner join ages on late_series.posted_month = ages.posted_month
    group by late_series.posted_month, late_series.level, late_series.series_id, late_series.population
),

final as (
    select
        growth_counts.posted_month,
        growth_counts.level,
        growth_counts.series_id,
        growth_counts.population,
        -- a composite spans categories: like a total it is above itself
        case
            when growth_counts.level = 'composite' then growth_counts.series_id
            else coalesce(sub_categories.category_id, 'all_posts')
        end as parent_series_id,
        growth_counts.post_count,
        growth_counts.sum_client_squares,
        daily_lists.daily_post_counts,
        cast(coalesce(late_sums.late_count_1, 0) as bigint) as late_count_1,
        cast(coalesce(late_sums.late_count_2, 0) as bigint) as late_count_2,
        cast(coalesce(late_sums.late_count_3, 0) as bigint) as late_count_3,
        cast(greatest(ages.age_days, 0) as integer) as maturity_days,
        growth_counts.status,
        growth_counts.status_reason,
    from growth_counts
    inner join ages on growth_counts.posted_month = ages.posted_month
    inner join daily_lists
        on
            growth_counts.posted_month = daily_lists.posted_month
            and growth_counts.level = daily_lists.level
            and growth_counts.series_id = daily_lists.series_id
            and growth_counts.population = daily_lists.population
    left join sub_categories
        on growth_counts.level = 'sub_category' and growth_counts.series_id = sub_categories.sub_category_id
    left join late_sums
        on
            growth_counts.posted_month = late_sums.posted_month
            and growth_counts.level = late_sums.level
            and growth_counts.series_id = late_sums.series_id
            and growth_counts.population = late_sums.population
)

select * from final
