{#- Posts that carry a skill, counted in domains (a month, or a period and category) among AI posts and among the others,
    with the sums over clients that their variances need.

    Reads the CTEs `domain_posts` (the domain's columns, post_id, client_key, is_us_client, skills, accepted: 1 for an AI
    post and 0 for another, error_weight: what an audited post adds to the count of true AI posts) and `skills` (the
    dictionary). Gives `skill_counts`: domain, population and skill that an AI post of the domain carries. -#}
{% macro skill_count_ctes(domain, populations=['all', 'us']) %}
-- a tag as written is looked up once, not once a post
raw_tags as (
    select distinct unnest(skills) as tag
    from job_posts
),

tag_skills as (
    select
        raw_tags.tag,
        coalesce(skills.skill, nullif(lower(trim(raw_tags.tag)), '')) as skill,
    from raw_tags
    left join skills on lower(trim(raw_tags.tag)) = skills.alias
),

ai_tags as (
    select distinct
        {{ domain | join(', ') }},
        unnest(skills) as tag,
    from domain_posts
    where accepted = 1
),

-- what no AI post of the domain carries is left out before posts are counted
domain_tags as (
    select distinct
        {%- for column in domain %}
        ai_skills.{{ column }},
        {%- endfor %}
        spelled.tag,
        spelled.skill,
    from ai_tags as ai_skills
    inner join tag_skills using (tag)
    inner join tag_skills as spelled on tag_skills.skill = spelled.skill
),

post_tags as (
    select
        {{ domain | join(', ') }},
        post_id,
        client_key,
        is_us_client,
        accepted,
        error_weight,
        unnest(skills) as tag,
    from domain_posts
),

post_skills as (
    select
        {%- for column in domain %}
        post_tags.{{ column }},
        {%- endfor %}
        post_tags.post_id,
        domain_tags.skill,
        any_value(post_tags.client_key) as client_key,
        any_value(post_tags.is_us_client) as is_us_client,
        any_value(post_tags.accepted) as accepted,
        any_value(post_tags.error_weight) as error_weight,
    from post_tags
    inner join domain_tags using ({{ domain | join(', ') }}, tag)
    group by
        {%- for column in domain %}
        post_tags.{{ column }},
        {%- endfor %}
        post_tags.post_id,
        domain_tags.skill
),
{% for grain, relation, extra in [('client_skills', 'post_skills', ['skill']), ('client_posts', 'domain_posts', [])] -%}
{{ grain }} as (
    {%- for population in populations %}
    select
        {{ (domain + extra) | join(', ') }},
        client_key,
        '{{ population }}' as population,
        sum(accepted) as ai_count,
        count(*) - sum(accepted) as other_count,
        sum(accepted + error_weight) as corrected_count,
    from {{ relation }}
    {{ 'where is_us_client' if population == 'us' }}
    group by {{ (domain + extra) | join(', ') }}, client_key
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

{% endfor -%}
domain_totals as (
    select
        {{ domain | join(', ') }},
        population,
        sum(ai_count) as ai_total_count,
        sum(other_count) as other_total_count,
        sum(corrected_count) as corrected_total_count,
        {%- for part in ['ai', 'other', 'corrected'] %}
        count(*) filter (where {{ part }}_count > 0) as {{ part }}_cluster_count,
        sum({{ part }}_count * {{ part }}_count) as {{ part }}_sum_nn,
        {%- endfor %}
        count(*) as all_cluster_count,
    from client_posts
    group by {{ domain | join(', ') }}, population
),

skill_sums as (
    select
        {%- for column in domain %}
        client_skills.{{ column }},
        {%- endfor %}
        client_skills.population,
        client_skills.skill,
        {%- for part in ['ai', 'other', 'corrected'] %}
        sum(client_skills.{{ part }}_count) as {{ part }}_count,
        sum(client_skills.{{ part }}_count * client_skills.{{ part }}_count) as {{ part }}_sum_yy,
        sum(client_skills.{{ part }}_count * client_posts.{{ part }}_count) as {{ part }}_sum_yn,
        {%- endfor %}
        {%- for part in ['ai', 'other'] %}
        count(*) filter (where client_skills.{{ part }}_count > 0) as {{ part }}_client_count,
        -- clients all of whose posts carry the skill: none of them is in the complement
        count(*) filter (
            where client_posts.{{ part }}_count > 0 and client_skills.{{ part }}_count = client_posts.{{ part }}_count
        ) as {{ part }}_whole_client_count,
        {%- endfor %}
    from client_skills
    inner join client_posts using ({{ domain | join(', ') }}, population, client_key)
    group by
        {%- for column in domain %}
        client_skills.{{ column }},
        {%- endfor %}
        client_skills.population,
        client_skills.skill
    having sum(client_skills.ai_count) > 0
),

skill_counts as (
    select
        skill_sums.*,
        domain_totals.* exclude ({{ domain | join(', ') }}, population),
    from skill_sums
    inner join domain_totals using ({{ domain | join(', ') }}, population)
),
{% endmacro %}

{#- Client counts of numerators and complements, and the cluster sums of the shares among AI posts, and among the others if wanted. -#}
{% macro skill_count_columns(parts=['ai', 'other']) %}
        {%- for part in parts %}
        skill_counts.{{ part }}_client_count,
        skill_counts.{{ part }}_cluster_count - skill_counts.{{ part }}_whole_client_count as {{ part }}_complement_client_count,
        skill_counts.{{ part }}_cluster_count,
        skill_counts.{{ part }}_sum_yy,
        skill_counts.{{ part }}_sum_yn,
        skill_counts.{{ part }}_sum_nn,
        {%- endfor %}
{% endmacro %}
