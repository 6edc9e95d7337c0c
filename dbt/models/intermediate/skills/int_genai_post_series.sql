-- grain: one gen-AI post of Data Science & Analytics and series (gen-AI group, purpose, or no group) that it names.
{{ config(materialized='table') }}

with

genai_posts as (
    select * from {{ ref('int_genai_posts') }}
    where category_id = 'data_science_analytics'
),

series as (
    select * from {{ ref('int_genai_series') }}
),

post_groups as (
    select
        post_id,
        unnest(case when len(genai_groups) > 0 then genai_groups else ['no group'] end) as genai_group,
        1 / greatest(len(genai_groups), 1) as fraction,
    from genai_posts
),

-- a post divides itself evenly over its groups
final as (
    select
        series.series_id,
        post_groups.post_id,
        sum(post_groups.fraction) as fraction,
    from post_groups
    inner join series using (genai_group)
    group by series.series_id, post_groups.post_id
)

select * from final
