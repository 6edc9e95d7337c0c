-- grain: one period, technology and category (`all` = every post) in which an audited post of known value changes a sum.
-- Only clients with an error are read: for all others the corrected sums are the naive ones.
{{ config(materialized='table') }}

with

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
    where correction_weight != 0 and projected_value_usd is not null
),

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
    where projected_value_usd is not null
),

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

errors as (
    select
        period_months.period_id,
        audited_posts.technology,
        unnest(['all', audited_posts.category_id]) as category_id,
        audited_posts.client_number,
        audited_posts.projected_value_usd > {{ high_value_usd() }} as is_high_value,
        audited_posts.outcome,
        audited_posts.weight,
        audited_posts.correction_weight,
    from audited_posts
    inner join period_months using (posted_month)
),

client_errors as (
    {{ client_errors(['period_id', 'technology', 'category_id']) }}
),

accepted as (
    select
        client_errors.period_id,
        client_errors.technology,
        client_errors.category_id,
        client_errors.client_number,
        count(*) as known_count,
        count(*) filter (where classified_posts.projected_value_usd > {{ high_value_usd() }}) as high_count,
    from classified_posts
    inner join period_months using (posted_month)
    inner join client_errors
        on
            period_months.period_id = client_errors.period_id
            and classified_posts.technology = client_errors.technology
            and classified_posts.client_number = client_errors.client_number
            and client_errors.category_id in ('all', classified_posts.category_id)
    group by client_errors.period_id, client_errors.technology, client_errors.category_id, client_errors.client_number
),

{{ high_value_corrections(['period_id', 'technology', 'category_id']) }}

select * from final
