-- grain: one calendar year or study period that begins in 2024 or later and series of the gen-AI posts of Data Science &
-- Analytics; what the audit found wrong in the posts of the series and in all of them.
{{ config(materialized='table') }}

with

post_series as (
    select * from {{ ref('int_genai_post_series') }}
),

genai_posts as (
    select * from {{ ref('int_genai_posts') }}
    where category_id = 'data_science_analytics' and outcome is not null
),

periods as (
    select * from {{ ref('int_periods') }}
    where period_kind != 'month' and period_start >= date '2024-01-01'
),

audited_posts as (
    select
        periods.period_id,
        genai_posts.post_id,
        genai_posts.outcome,
        genai_posts.weight,
    from genai_posts
    inner join periods on genai_posts.posted_month between periods.period_start and periods.period_end
),

audited_series as (
    select
        audited_posts.*,
        post_series.series_id,
        post_series.fraction,
    from audited_posts
    inner join post_series using (post_id)
),

mentions as (
    select
        period_id,
        series_id,
        {{ audit_error_sums('mention_') }}
    from audited_series
    group by period_id, series_id
),

fractional_weights as (
    select * replace (weight * fraction as weight)
    from audited_series
),

fractions as (
    select
        period_id,
        series_id,
        {{ audit_error_sums('fractional_') }}
    from fractional_weights
    group by period_id, series_id
),

totals as (
    select
        period_id,
        {{ audit_error_sums('total_') }}
    from audited_posts
    group by period_id
),

series as (
    select distinct series_id
    from {{ ref('int_genai_series') }}
),

final as (
    select
        totals.period_id,
        series.series_id,
        {{ audit_error_columns('mentions', 'mention_') }}
        {{ audit_error_columns('fractions', 'fractional_') }}
        totals.* exclude (period_id),
    from totals
    cross join series
    left join mentions using (period_id, series_id)
    left join fractions using (period_id, series_id)
)

select * from final
