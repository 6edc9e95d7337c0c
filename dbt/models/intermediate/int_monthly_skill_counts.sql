-- grain: one month, population (us, all) and skill that at least one AI post carries.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('posted_month')) }}

with

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
    where {{ is_planned_month('posted_month') }} and len(skills) > 0
),

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
    where {{ is_planned_month('posted_month') }} and technology = 'ai'
),

skills as (
    select
        lower(alias) as alias,
        skill,
    from {{ ref('skills') }}
),

tagged as (
    select distinct
        posted_month,
        post_id,
        is_us_client,
        lower(trim(unnest(skills))) as tag,
    from job_posts
),

post_skills as (
    select distinct
        tagged.posted_month,
        tagged.post_id,
        tagged.is_us_client,
        coalesce(skills.skill, tagged.tag) as skill,
        classified_posts.post_id is not null as is_ai,
    from tagged
    left join skills on tagged.tag = skills.alias
    left join classified_posts on tagged.post_id = classified_posts.post_id
    where tagged.tag != ''
),

audit_samples as (
    select * from {{ ref('int_period_audit_samples') }}
    where technology = 'ai'
),

populations as (
    select unnest(['all', 'us']) as population
),

totals as (
    select
        job_posts.posted_month,
        populations.population,
        count(*) as all_total_count,
        count(classified_posts.post_id) as ai_total_count,
    from job_posts
    inner join populations on populations.population = 'all' or job_posts.is_us_client
    left join classified_posts on job_posts.post_id = classified_posts.post_id
    group by job_posts.posted_month, populations.population
),

by_skill as (
    select
        post_skills.posted_month,
        populations.population,
        post_skills.skill,
        count(*) as all_post_count,
        count(*) filter (where post_skills.is_ai) as ai_post_count,
    from post_skills
    inner join populations on populations.population = 'all' or post_skills.is_us_client
    group by post_skills.posted_month, populations.population, post_skills.skill
    having count(*) filter (where post_skills.is_ai) > 0
),

errors as (
    select
        audited_posts.posted_month,
        populations.population,
        audited_posts.post_id,
        audited_posts.skills,
        audited_posts.outcome,
        audited_posts.weight,
        -- g * g - f * f of a post: posts are taken as independent, so each is its own cluster
        case when audited_posts.outcome = 'accepted_false' then 1 - audited_posts.weight else audited_posts.weight end ** 2
        - case when audited_posts.outcome = 'accepted_false' then 1 else 0 end as square_change,
    from {{ ref('int_audited_posts') }} as audited_posts
    inner join populations on populations.population = 'all' or audited_posts.is_us_client
    where
        audited_posts.correction_weight != 0
        and audited_posts.technology = 'ai'
        and len(audited_posts.skills) > 0
        and {{ is_planned_month('audited_posts.posted_month') }}
),

total_errors as (
    select
        posted_month,
        population,
        sum(square_change) as square_change,
        {{ audit_error_sums('total_') }}
    from errors
    group by posted_month, population
),

skill_errors as (
    select
        errors.posted_month,
        errors.population,
        post_skills.skill,
        sum(errors.square_change) as square_change,
        {{ audit_error_sums() }}
    from errors
    inner join post_skills on errors.post_id = post_skills.post_id
    group by errors.posted_month, errors.population, post_skills.skill
),

final as (
    select
        by_skill.posted_month,
        by_skill.population,
        by_skill.skill,
        by_skill.ai_post_count,
        totals.ai_total_count,
        by_skill.all_post_count,
        totals.all_total_count,
        {{ audit_error_columns('skill_errors') }}
        {{ audit_error_columns('total_errors', 'total_') }}
        {{ audit_coverage_columns('audit_samples') }}
        by_skill.ai_post_count + {{ audit_net('skill_errors') }} as corrected_count,
        totals.ai_total_count + {{ audit_net('total_errors', 'total_') }} as corrected_total_count,
        totals.ai_total_count as ai_corrected_cluster_count,
        by_skill.ai_post_count + coalesce(skill_errors.square_change, 0) as ai_corrected_sum_yy,
        by_skill.ai_post_count + coalesce(skill_errors.square_change, 0) as ai_corrected_sum_yn,
        totals.ai_total_count + coalesce(total_errors.square_change, 0) as ai_corrected_sum_nn,
    from by_skill
    inner join totals using (posted_month, population)
    left join audit_samples on strftime(by_skill.posted_month, '%Y-%m') = audit_samples.period_id
    left join total_errors
        on by_skill.posted_month = total_errors.posted_month and by_skill.population = total_errors.population
    left join skill_errors
        on
            by_skill.posted_month = skill_errors.posted_month
            and by_skill.population = skill_errors.population
            and by_skill.skill = skill_errors.skill
)

select * from final
