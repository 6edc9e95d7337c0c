-- grain: one calendar month with a post in another language than English, the one that the classifiers were trained on.
-- A text too short to tell its language counts as English: it reads like the titles of their training.
with

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
),

language_counts as (
    select
        posted_month,
        language,
        count(*) as post_count,
    from job_posts
    where language != 'en'
    group by
        posted_month,
        language
),

final as (
    select
        posted_month,
        cast(sum(post_count) as bigint) as other_language_post_count,
        string_agg(language || ' ' || post_count, ', ' order by post_count desc, language asc) as other_languages,
    from language_counts
    group by posted_month
)

select * from final
