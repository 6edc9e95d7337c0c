-- grain: one calendar year or study period that begins in 2024 or later and series (gen-AI group, purpose, or no group) of the
-- gen-AI posts of Data Science & Analytics.
{{ config(materialized='table') }}

with

post_series as (
    select * from {{ ref('int_genai_post_series') }}
),

genai_posts as (
    select * from {{ ref('int_genai_posts') }}
    where category_id = 'data_science_analytics'
),

errors as (
    select * from {{ ref('int_period_genai_group_errors') }}
),

periods as (
    select * from {{ ref('int_periods') }}
    where period_kind != 'month' and period_start >= date '2024-01-01'
),

audit_samples as (
    select * from {{ ref('int_period_audit_samples') }}
    where technology = 'ai'
),

audited_posts as (
    select post_id from {{ ref('int_audited_posts') }}
    where technology = 'ai'
),

posts as (
    select
        periods.period_id,
        genai_posts.*,
    from genai_posts
    inner join periods on genai_posts.posted_month between periods.period_start and periods.period_end
),

audited_counts as (
    select
        posts.period_id,
        count(*) as audited_count,
    from posts
    inner join audited_posts using (post_id)
    group by posts.period_id
),

client_series as (
    select
        posts.period_id,
        post_series.series_id,
        posts.client_number,
        sum(posts.accepted) as mention_count,
        sum(posts.accepted * post_series.fraction) as fractional_count,
        sum(posts.accepted + posts.error_weight) as mention_corrected_count,
        sum((posts.accepted + posts.error_weight) * post_series.fraction) as fractional_corrected_count,
    from posts
    inner join post_series using (post_id)
    group by posts.period_id, post_series.series_id, posts.client_number
),

client_totals as (
    select
        period_id,
        client_number,
        sum(accepted) as post_count,
        sum(accepted + error_weight) as corrected_count,
        sum(accepted) filter (where len(unmapped_skills) > 0) as unmapped_post_count,
    from posts
    group by period_id, client_number
),

totals as (
    select
        period_id,
        sum(post_count) as genai_post_count,
        sum(corrected_count) as corrected_total_count,
        coalesce(sum(unmapped_post_count), 0) as unmapped_post_count,
        count(*) filter (where post_count > 0) as cluster_count,
        sum(post_count * post_count) as sum_nn,
        count(*) filter (where corrected_count > 0) as corrected_cluster_count,
        sum(corrected_count * corrected_count) as corrected_sum_nn,
    from client_totals
    group by period_id
),

sums as (
    select
        client_series.period_id,
        client_series.series_id,
        sum(client_series.mention_count) as mention_post_count,
        sum(client_series.fractional_count) as fractional_post_count,
        count(*) filter (where client_series.mention_count > 0) as mention_client_count,
        count(*) filter (where client_series.mention_count > 0 and client_series.mention_count = client_totals.post_count)
            as whole_client_count,
        {%- for measure in ['mention', 'fractional'] %}
        sum(client_series.{{ measure }}_count ** 2) as {{ measure }}_sum_yy,
        sum(client_series.{{ measure }}_count * client_totals.post_count) as {{ measure }}_sum_yn,
        sum(client_series.{{ measure }}_corrected_count) as {{ measure }}_corrected_count,
        sum(client_series.{{ measure }}_corrected_count ** 2) as {{ measure }}_corrected_sum_yy,
        sum(client_series.{{ measure }}_corrected_count * client_totals.corrected_count) as {{ measure }}_corrected_sum_yn,
        {%- endfor %}
    from client_series
    inner join client_totals using (period_id, client_number)
    group by client_series.period_id, client_series.series_id
),

series as (
    select distinct
        series_id,
        series_kind,
    from {{ ref('int_genai_series') }}
),

final as (
    select
        totals.period_id,
        series.series_id,
        series.series_kind,
        totals.genai_post_count,
        totals.unmapped_post_count,
        coalesce(sums.mention_post_count, 0) as mention_post_count,
        coalesce(sums.fractional_post_count, 0) as fractional_post_count,
        coalesce(sums.mention_client_count, 0) as mention_client_count,
        totals.cluster_count - coalesce(sums.whole_client_count, 0) as mention_complement_client_count,
        {%- for measure in ['mention', 'fractional'] %}
        totals.cluster_count as {{ measure }}_cluster_count,
        coalesce(sums.{{ measure }}_sum_yy, 0) as {{ measure }}_sum_yy,
        coalesce(sums.{{ measure }}_sum_yn, 0) as {{ measure }}_sum_yn,
        totals.sum_nn as {{ measure }}_sum_nn,
        coalesce(sums.{{ measure }}_corrected_count, 0) as {{ measure }}_corrected_count,
        totals.corrected_cluster_count as {{ measure }}_corrected_cluster_count,
        coalesce(sums.{{ measure }}_corrected_sum_yy, 0) as {{ measure }}_corrected_sum_yy,
        coalesce(sums.{{ measure }}_corrected_sum_yn, 0) as {{ measure }}_corrected_sum_yn,
        totals.corrected_sum_nn as {{ measure }}_corrected_sum_nn,
        {%- endfor %}
        totals.corrected_total_count,
        {{ audit_error_columns('errors', 'mention_') }}
        {{ audit_error_columns('errors', 'fractional_') }}
        {{ audit_error_columns('errors', 'total_') }}
        {{ audit_coverage_columns('audit_samples', 'audited_counts.audited_count') }}
    from totals
    cross join series
    left join sums using (period_id, series_id)
    left join errors using (period_id, series_id)
    left join audit_samples using (period_id)
    left join audited_counts using (period_id)
)

select * from final
