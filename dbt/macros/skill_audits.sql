{#- What an audit adds to counts of AI posts by skill, in domains of months (see skill_count_ctes).

    Reads the CTE `audited` (the domain's column, is_us_client, post_id, outcome, weight, correction_weight: the audited posts of
    a domain, with their skills) and `domain_tags`. Gives `audited_counts`, `total_errors` and `skill_errors`. -#}
{% macro skill_audit_ctes(domain, audited) %}
population_audits as (
    select
        {{ audited }}.*,
        populations.population,
    from {{ audited }}
    inner join (values ('all'), ('us')) as populations (population)
        on populations.population = 'all' or {{ audited }}.is_us_client
),

audited_counts as (
    select
        {{ domain }},
        population,
        count(*) as audited_count,
    from population_audits
    where {{ is_audited_as_technology() }}
    group by {{ domain }}, population
),

total_errors as (
    select
        {{ domain }},
        population,
        {{ audit_error_sums('total_') }}
    from population_audits
    where correction_weight != 0
    group by {{ domain }}, population
),

audited_tags as (
    select
        {{ domain }},
        population,
        post_id,
        outcome,
        weight,
        unnest(skills) as tag,
    from population_audits
    where correction_weight != 0
),

audited_skills as (
    select distinct
        audited_tags.* exclude (tag),
        domain_tags.skill,
    from audited_tags
    inner join domain_tags using ({{ domain }}, tag)
),

skill_errors as (
    select
        {{ domain }},
        population,
        skill,
        {{ audit_error_sums() }}
    from audited_skills
    group by {{ domain }}, population, skill
),
{% endmacro %}

{#- The columns of the errors, of the coverage that the relation `samples` tells, and of the corrected counts. -#}
{% macro skill_audit_columns(samples) %}
        {{ audit_error_columns('skill_errors') }}
        {{ audit_error_columns('total_errors', 'total_') }}
        {{ audit_coverage_columns(samples, 'audited_counts.audited_count') }}
        skill_counts.corrected_count,
        skill_counts.corrected_total_count,
        skill_counts.corrected_cluster_count as ai_corrected_cluster_count,
        skill_counts.corrected_sum_yy as ai_corrected_sum_yy,
        skill_counts.corrected_sum_yn as ai_corrected_sum_yn,
        skill_counts.corrected_sum_nn as ai_corrected_sum_nn,
{% endmacro %}
