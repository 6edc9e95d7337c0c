-- grain: one period, technology (`any` = all posts) and category (`all` = every post, with or without category).
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_periods()) }}

with

posts as (
    select * from {{ ref('int_technology_posts') }}
),

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

client_counts as (
    select
        period_months.period_id,
        posts.technology,
        posts.category_id,
        posts.client_number,
        count(*) as post_count,
        count(posts.projected_value_usd) as known_count,
        count(*) filter (where posts.projected_value_usd > {{ high_value_usd() }}) as high_count,
    from posts
    inner join period_months using (posted_month)
    group by period_months.period_id, posts.technology, posts.category_id, posts.client_number
),

all_categories as (
    select
        period_id,
        technology,
        'all' as category_id,
        client_number,
        cast(sum(post_count) as bigint) as post_count,
        cast(sum(known_count) as bigint) as known_count,
        cast(sum(high_count) as bigint) as high_count,
    from client_counts
    group by period_id, technology, client_number
),

by_client as (
    select * from all_categories
    union all
    select * from client_counts
    where category_id is not null
),

sums as (
    select
        period_id,
        technology,
        category_id,
        sum(post_count) as post_count,
        sum(known_count) as known_value_count,
        sum(high_count) as high_value_count,
        count(*) filter (where known_count > 0) as high_value_cluster_count,
        sum(high_count * high_count) as high_value_sum_yy,
        sum(high_count * known_count) as high_value_sum_yn,
        sum(known_count * known_count) as high_value_sum_nn,
        count(*) as known_value_cluster_count,
        sum(known_count * known_count) as known_value_sum_yy,
        sum(known_count * post_count) as known_value_sum_yn,
        sum(post_count * post_count) as known_value_sum_nn,
        count(*) filter (where high_count > 0) as high_value_client_count,
        count(*) filter (where known_count > high_count) as low_value_client_count,
        count(*) filter (where post_count > known_count) as unknown_value_client_count,
    from by_client
    group by period_id, technology, category_id
),

quartiles as (
    select * from {{ ref('int_period_value_quartiles') }}
),

corrections as (
    select * from {{ ref('int_period_value_corrections') }}
),

audit_samples as (
    select * from {{ ref('int_period_audit_samples') }}
),

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
    where projected_value_usd is not null and {{ is_audited_as_technology() }}
),

audited_places as (
    select
        period_months.period_id,
        audited_posts.technology,
        unnest(['all', audited_posts.category_id]) as category_id,
    from audited_posts
    inner join period_months using (posted_month)
),

audited_counts as (
    select
        period_id,
        technology,
        category_id,
        count(*) as audited_count,
    from audited_places
    group by period_id, technology, category_id
),

final as (
    select
        sums.period_id,
        sums.technology,
        sums.category_id,
        {%- for column in [
            'post_count', 'known_value_count', 'high_value_count',
            'high_value_cluster_count', 'high_value_sum_yy', 'high_value_sum_yn', 'high_value_sum_nn',
            'known_value_cluster_count', 'known_value_sum_yy', 'known_value_sum_yn', 'known_value_sum_nn',
        ] %}
        cast(sums.{{ column }} as bigint) as {{ column }},
        {%- endfor %}
        sums.high_value_client_count,
        sums.low_value_client_count,
        sums.unknown_value_client_count,
        quartiles.lower_quartile_usd,
        quartiles.median_value_usd,
        quartiles.upper_quartile_usd,
        {{ audit_error_columns('corrections', 'high_') }}
        {{ audit_error_columns('corrections', 'known_') }}
        {{ audit_coverage_or_none('sums', 'audit_samples', 'audited_counts.audited_count') }}
        {{ corrected_high_values('known_value_count', 'corrected_known_count') }}
    from sums
    left join corrections using (period_id, technology, category_id)
    left join audited_counts using (period_id, technology, category_id)
    left join quartiles using (period_id, technology, category_id)
    left join audit_samples on sums.period_id = audit_samples.period_id and sums.technology = audit_samples.technology
)

select * from final
