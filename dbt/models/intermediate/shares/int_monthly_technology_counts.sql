-- grain: one month, technology and population (us, all).
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('posted_month')) }}

with

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
    where {{ is_planned_month('posted_month') }}
),

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
    where {{ is_planned_month('posted_month') }}
),

technologies as (
    select technology from {{ ref('technologies') }}
),

populations as (
    select unnest(['all', 'us']) as population
),

client_posts as (
    select
        job_posts.posted_month,
        populations.population,
        job_posts.client_number,
        count(*) as post_count,
        count(*) filter (where job_posts.is_ai_candidate) as ai_count,
        count(*) filter (where job_posts.is_cloud_candidate) as cloud_count,
        count(*) filter (where job_posts.is_rpa_candidate) as rpa_count,
    from job_posts
    inner join populations on populations.population = 'all' or job_posts.is_us_client
    group by job_posts.posted_month, populations.population, job_posts.client_number
),

client_classified as (
    select
        classified_posts.posted_month,
        populations.population,
        classified_posts.technology,
        classified_posts.client_number,
        count(*) as classified_count,
    from classified_posts
    inner join populations on populations.population = 'all' or classified_posts.is_us_client
    group by
        classified_posts.posted_month, populations.population, classified_posts.technology, classified_posts.client_number
),

totals as (
    select
        posted_month,
        population,
        sum(post_count) as post_count,
        count(*) as cluster_count,
        sum(post_count * post_count) as sum_nn,
        sum(ai_count) as ai_count,
        sum(cloud_count) as cloud_count,
        sum(rpa_count) as rpa_count,
    from client_posts
    group by posted_month, population
),

products as (
    select
        client_classified.posted_month,
        client_classified.population,
        client_classified.technology,
        sum(client_classified.classified_count) as classified_count,
        sum(client_classified.classified_count * client_classified.classified_count) as sum_yy,
        sum(client_classified.classified_count * client_posts.post_count) as sum_yn,
        count(*) as classified_client_count,
        count(*) filter (where client_classified.classified_count = client_posts.post_count) as whole_client_count,
    from client_classified
    inner join client_posts using (posted_month, population, client_number)
    group by client_classified.posted_month, client_classified.population, client_classified.technology
),

corrections as (
    select * from {{ ref('int_monthly_technology_corrections') }}
),

audit_samples as (
    select * from {{ ref('int_period_audit_samples') }}
),

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
    where {{ is_planned_month('posted_month') }}
),

audited_counts as (
    select
        audited_posts.posted_month,
        populations.population,
        audited_posts.technology,
        count(*) as audited_count,
    from audited_posts
    inner join populations on populations.population = 'all' or audited_posts.is_us_client
    group by audited_posts.posted_month, populations.population, audited_posts.technology
),

final as (
    select
        totals.posted_month,
        technologies.technology,
        totals.population,
        cast(
            case technologies.technology
                when 'ai' then totals.ai_count
                when 'cloud' then totals.cloud_count
                when 'rpa' then totals.rpa_count
            end as bigint
        ) as candidate_count,
        cast(coalesce(products.classified_count, 0) as bigint) as classified_count,
        cast(totals.post_count as bigint) as post_count,
        coalesce(products.classified_client_count, 0) as classified_client_count,
        totals.cluster_count - coalesce(products.whole_client_count, 0) as complement_client_count,
        totals.cluster_count as penetration_cluster_count,
        cast(coalesce(products.sum_yy, 0) as bigint) as penetration_sum_yy,
        cast(coalesce(products.sum_yn, 0) as bigint) as penetration_sum_yn,
        cast(totals.sum_nn as bigint) as penetration_sum_nn,
        {{ audit_error_columns('corrections') }}
        {{ audit_coverage_columns('audit_samples', 'audited_counts.audited_count') }}
        coalesce(products.classified_count, 0) + {{ audit_net('corrections') }} as corrected_count,
        totals.cluster_count as penetration_corrected_cluster_count,
        coalesce(products.sum_yy, 0) + coalesce(corrections.sum_yy, 0) as penetration_corrected_sum_yy,
        coalesce(products.sum_yn, 0) + coalesce(corrections.sum_yn, 0) as penetration_corrected_sum_yn,
        totals.sum_nn as penetration_corrected_sum_nn,
    from totals
    cross join technologies
    left join audit_samples
        on
            strftime(totals.posted_month, '%Y-%m') = audit_samples.period_id
            and technologies.technology = audit_samples.technology
    left join audited_counts
        on
            totals.posted_month = audited_counts.posted_month
            and totals.population = audited_counts.population
            and technologies.technology = audited_counts.technology
    left join corrections
        on
            totals.posted_month = corrections.posted_month
            and totals.population = corrections.population
            and technologies.technology = corrections.technology
    left join products
        on
            totals.posted_month = products.posted_month
            and totals.population = products.population
            and technologies.technology = products.technology
)

select * from final
