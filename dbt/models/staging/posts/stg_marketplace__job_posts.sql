-- grain: one job post in its latest known state, in the UTC calendar month of its first posting.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        pre_hook=delete_planned_months('posted_month'),
        on_schema_change='append_new_columns'
    )
}}

with

job_posts as (
    select * from {{ lake_rows(source('raw', 'job_posts')) }}
),

post_states as (
    select * from {{ ref('stg_marketplace__post_states') }}
),

categories as (
    select distinct
        category_id,
        category,
    from {{ ref('categories') }}
),

occupations as (
    select * from {{ ref('occupations') }}
),

countries as (
    select
        lower(country_alias) as country_alias,
        country_code,
    from {{ ref('countries') }}
),

latest as (
    select
        job_posts.post_id,
        job_posts.observed_at,
        job_posts.skills,
        job_posts.category,
        job_posts.occupation,
        job_posts.contract_type,
        job_posts.budget_usd,
        job_posts.hourly_rate_low_usd,
        job_posts.hourly_rate_high_usd,
        job_posts.weekly_hours_band,
        job_posts.duration_band,
        job_posts.client_id,
        job_posts.client_country,
        job_posts.language,
        job_posts.load_id,
        job_posts.source_row,
        coalesce(post_states.first_posted_at, job_posts.posted_at) as posted_at,
        coalesce(post_states.first_observed_at, job_posts.observed_at) as first_observed_at,
        {{ post_text('job_posts') }} as post_text,
    from job_posts
    left join post_states using (load_id, source_row)
    where coalesce(post_states.state_rank, 1) = 1
),

final as (
    select
        cast(date_trunc('month', latest.posted_at) as date) as posted_month,
        latest.post_id,
        latest.posted_at,
        cast(latest.posted_at as date) as posted_date,
        latest.observed_at,
        latest.first_observed_at,
        {{ client_number("coalesce(latest.client_id, 'post ' || latest.post_id)") }} as client_number,
        countries.country_code,
        coalesce(countries.country_code = 'US', false) as is_us_client,
        categories.category_id,
        occupations.sub_category_id,
        latest.skills,
        latest.contract_type,
        {{ projected_value_usd() }} as projected_value_usd,
        {{ candidate_rule('ai', 'latest.post_text') }} as is_ai_candidate,
        {{ candidate_rule('cloud', 'latest.post_text') }} as is_cloud_candidate,
        {{ candidate_rule('rpa', 'latest.post_text') }} as is_rpa_candidate,
        length(latest.post_text) as text_length,
        latest.language,
        latest.load_id,
        latest.source_row,
    from latest
    left join categories on latest.category = categories.category
    left join occupations
        on latest.occupation = occupations.occupation and categories.category_id = occupations.category_id
    left join countries on lower(trim(latest.client_country)) = countries.country_alias
    where {{ is_planned_month("cast(date_trunc('month', latest.posted_at) as date)") }}
)

select * from final
