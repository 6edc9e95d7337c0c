-- grain: one post that a technology's terms hit, and the technology; the only table that keeps text.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('posted_month')) }}

with

lake_posts as (
    select
        load_id,
        source_row,
        title,
        description,
    from {{ lake_rows(source('raw', 'job_posts')) }}
),

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
    where {{ is_planned_month('posted_month') }} and (is_ai_candidate or is_cloud_candidate or is_rpa_candidate)
),

technologies as (
    select technology from {{ ref('technologies') }}
),

final as (
    select
        job_posts.posted_month,
        technologies.technology,
        job_posts.post_id,
        lake_posts.title,
        lake_posts.description,
        job_posts.skills,
    from job_posts
    inner join lake_posts using (load_id, source_row)
    inner join technologies
        on case technologies.technology
            when 'ai' then job_posts.is_ai_candidate
            when 'cloud' then job_posts.is_cloud_candidate
            when 'rpa' then job_posts.is_rpa_candidate
        end
)

select * from final
