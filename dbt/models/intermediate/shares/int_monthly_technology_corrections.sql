-- grain: one planned month, technology and population in which an audited post changes a sum.
-- Only clients with an error are read: for all others the corrected sums are the naive ones.
{{ config(materialized='table') }}

with

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
    where correction_weight != 0 and {{ is_planned_month('posted_month') }}
),

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
    where {{ is_planned_month('posted_month') }}
),

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
    where {{ is_planned_month('posted_month') }}
),

populations as (
    select unnest(['all', 'us']) as population
),

errors as (
    select
        audited_posts.posted_month,
        populations.population,
        audited_posts.technology,
        audited_posts.client_number,
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
        client_number,
        sum(correction_weight) as error_weight,
    from errors
    group by posted_month, population, technology, client_number
),

client_posts as (
    select
        job_posts.posted_month,
        populations.population,
        job_posts.client_number,
        count(*) as post_count,
    from job_posts
    inner join populations on populations.population = 'all' or job_posts.is_us_client
    where job_posts.client_number in (select client_errors.client_number from client_errors)
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
    where classified_posts.client_number in (select client_errors.client_number from client_errors)
    group by all
),

changes as (
    select
        posted_month,
        population,
        technology,
        sum(
            (coalesce(client_classified.classified_count, 0) + client_errors.error_weight) ** 2
            - coalesce(client_classified.classified_count, 0) ** 2
        ) as sum_yy,
        sum(client_errors.error_weight * client_posts.post_count) as sum_yn,
    from client_errors
    inner join client_posts using (posted_month, population, client_number)
    left join client_classified using (posted_month, population, technology, client_number)
    group by posted_month, population, technology
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
        changes.*,
        error_sums.* exclude (posted_month, population, technology),
    from error_sums
    inner join changes using (posted_month, population, technology)
)

select * from final
