-- grain: one post and technology that it counts for; `any` = every post.
with

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
),

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
),

final as (
    select
        posted_month,
        'any' as technology,
        category_id,
        client_number,
        projected_value_usd,
    from job_posts
    union all
    select
        posted_month,
        technology,
        category_id,
        client_number,
        projected_value_usd,
    from classified_posts
)

select * from final
