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
        audited_posts.client_key,
        audited_posts.projected_value_usd > {{ high_value_usd() }} as is_high_value,
        audited_posts.outcome,
        audited_posts.weight,
        audited_posts.correction_weight,
    from audited_posts
    inner join period_months using (posted_month)
),

client_errors as (
    select
        period_id,
        technology,
        category_id,
        client_key,
        sum(correction_weight) as known_weight,
        coalesce(sum(correction_weight) filter (where is_high_value), 0) as high_weight,
    from errors
    where category_id is not null
    group by period_id, technology, category_id, client_key
),

accepted as (
    select
        client_errors.period_id,
        client_errors.technology,
        client_errors.category_id,
        client_errors.client_key,
        count(*) as known_count,
        count(*) filter (where classified_posts.projected_value_usd > {{ high_value_usd() }}) as high_count,
    from classified_posts
    inner join period_months using (posted_month)
    inner join client_errors
        on
            period_months.period_id = client_errors.period_id
            and classified_posts.technology = client_errors.technology
            and classified_posts.client_key = client_errors.client_key
            and client_errors.category_id in ('all', classified_posts.category_id)
    group by client_errors.period_id, client_errors.technology, client_errors.category_id, client_errors.client_key
),

clients as (
    select
        client_errors.*,
        coalesce(accepted.known_count, 0) as known_count,
        coalesce(accepted.high_count, 0) as high_count,
    from client_errors
    left join accepted using (period_id, technology, category_id, client_key)
),

changes as (
    select
        period_id,
        technology,
        category_id,
        count(*) filter (where known_count = 0) as cluster_count,
        sum((high_count + high_weight) ** 2 - high_count ** 2) as sum_yy,
        sum((high_count + high_weight) * (known_count + known_weight) - high_count * known_count) as sum_yn,
        sum((known_count + known_weight) ** 2 - known_count ** 2) as sum_nn,
    from clients
    group by period_id, technology, category_id
),

error_sums as (
    select
        period_id,
        technology,
        category_id,
        {{ audit_error_sums('high_', 'is_high_value') }}
        {{ audit_error_sums('known_') }}
    from errors
    where category_id is not null
    group by period_id, technology, category_id
),

final as (
    select
        changes.*,
        error_sums.* exclude (period_id, technology, category_id),
    from changes
    inner join error_sums using (period_id, technology, category_id)
)

select * from final
