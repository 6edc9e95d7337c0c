-- grain: one contract with its value and what its post says of it. Built whole in every run: a post may be known, or its
-- budget changed, long after the contract started.
{{ config(materialized='table') }}

with

contracts as (
    select * from {{ ref('stg_marketplace__contracts') }}
),

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
    where post_id in (select contracts.post_id from contracts)
),

classified_posts as (
    select
        post_id,
        list(technology order by technology) as technologies,
    from {{ ref('int_classified_posts') }}
    where post_id in (select contracts.post_id from contracts)
    group by post_id
),

joined as (
    select
        contracts.started_month,
        contracts.contract_id,
        job_posts.post_id,
        job_posts.posted_month,
        contracts.state,
        contracts.total_paid_usd,
        coalesce(contracts.projected_value_usd, job_posts.projected_value_usd) as projected_value_usd,
        coalesce(contracts.category_id, job_posts.category_id) as category_id,
        coalesce(contracts.sub_category_id, job_posts.sub_category_id) as sub_category_id,
        coalesce(
            {{ client_number('contracts.client_id') }},
            job_posts.client_number,
            {{ client_number("'contract ' || contracts.contract_id") }}
        ) as client_number,
        coalesce(contracts.country_code = 'US', job_posts.is_us_client, false) as is_us_client,
        job_posts.post_id is not null as has_known_post,
        case when job_posts.post_id is not null then coalesce(classified_posts.technologies, []) end as technologies,
    from contracts
    left join job_posts on contracts.post_id = job_posts.post_id
    left join classified_posts on contracts.post_id = classified_posts.post_id
),

final as (
    select
        started_month,
        contract_id,
        post_id,
        posted_month,
        state,
        category_id,
        sub_category_id,
        client_number,
        is_us_client,
        has_known_post,
        technologies,
        cast({{ contract_value_usd('state', 'total_paid_usd', 'projected_value_usd') }} as decimal(18, 2)) as contract_value_usd,
    from joined
)

select * from final
