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
        job_posts.client_key,
        count(*) as post_count,
        count(*) filter (where job_posts.is_ai_candidate) as ai_count,
        count(*) filter (where job_posts.is_cloud_candidate) as cloud_count,
        count(*) filter (where job_posts.is_rpa_candidate) as rpa_count,
    from job_posts
    inner join populations on populations.population = 'all' or job_posts.is_us_client
    group by job_posts.posted_month, populations.population, job_posts.client_key
),

client_classified as (
    select
        classified_posts.posted_month,
        populations.population,
        classified_posts.technology,
        classified_posts.client_key,
        count(*) as classified_count,
    from classified_posts
    inner join populations on populations.population = 'all' or classified_posts.is_us_client
    group by
        classified_posts.posted_month, populations.population, classified_posts.technology, classified_posts.client_key
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
    inner join client_posts using (posted_month, population, client_key)
    group by client_classified.posted_month, client_classified.population, client_classified.technology
),

audit_samples as (
    select * from {{ ref('int_period_audit_samples') }}
),

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
    where correction_weight != 0 and {{ is_planned_month('posted_month') }}
),

errors as (
    select
        audited_posts.posted_month,
        populations.population,
        audited_posts.technology,
        audited_posts.client_key,
        audited_posts.outcome,
        audited_posts.weight,
        audited_posts.correction_weight,
    from audited_posts
    inner join populations on populations.population = 'all' or audited_posts.is_us_client
),

client_errors as (
    select
        posted_month,
        population,
        technology,
        client_key,
        sum(correction_weight) as error_weight,
    from errors
    group by posted_month, population, technology, client_key
),

-- only clients with an error: for all others the corrected sums are the naive ones
changes as (
    select
        client_errors.posted_month,
        client_errors.population,
        client_errors.technology,
        sum(
            (coalesce(client_classified.classified_count, 0) + client_errors.error_weight) ** 2
            - coalesce(client_classified.classified_count, 0) ** 2
        ) as sum_yy,
        sum(client_errors.error_weight * client_posts.post_count) as sum_yn,
    from client_errors
    inner join client_posts using (posted_month, population, client_key)
    left join client_classified using (posted_month, population, technology, client_key)
    group by client_errors.posted_month, client_errors.population, client_errors.technology
),

error_sums as (
    select
        posted_month,
        population,
        technology,
        {{ audit_error_sums() }}
    from errors
    group by posted_month, population, technology
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
        {{ audit_error_columns('error_sums') }}
        {{ audit_coverage_columns('audit_samples') }}
        coalesce(products.classified_count, 0) + {{ audit_net('error_sums') }} as corrected_count,
        totals.cluster_count as penetration_corrected_cluster_count,
        coalesce(products.sum_yy, 0) + coalesce(changes.sum_yy, 0) as penetration_corrected_sum_yy,
        coalesce(products.sum_yn, 0) + coalesce(changes.sum_yn, 0) as penetration_corrected_sum_yn,
        totals.sum_nn as penetration_corrected_sum_nn,
    from totals
    cross join technologies
    left join audit_samples
        on
            strftime(totals.posted_month, '%Y-%m') = audit_samples.period_id
            and technologies.technology = audit_samples.technology
    left join changes
        on
            totals.posted_month = changes.posted_month
            and totals.population = changes.population
            and technologies.technology = changes.technology
    left join error_sums
        on
            totals.posted_month = error_sums.posted_month
            and totals.population = error_sums.population
            and technologies.technology = error_sums.technology
    left join products
        on
            totals.posted_month = products.posted_month
            and totals.population = products.population
            and technologies.technology = products.technology
)

select * from final
