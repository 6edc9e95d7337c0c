{#- Which post of a domain carries which skill, of those that an AI post of the domain carries.

    Reads the CTEs of skill_count_ctes. Gives `numbered_posts`, `post_skills` (domain, post_number, skill_number, and what
    the post brings along), `tag_skills` (the skill of a tag, with its number) and `domain_tags`.

    Posts and skills are numbered as clients are: millions of rows are grouped, by numbers at half the cost of texts. -#}
{% macro post_skill_ctes(domain) %}
numbered_posts as not materialized (
    select
        {%- for column in domain %}
        {{ column }},
        {%- endfor %}
        is_us_client,
        accepted,
        error_weight,
        skills,
        client_number,
        {{ post_number('post_id') }} as post_number,
    from domain_posts
),

-- a tag as written is looked up once, not once a post
raw_tags as (
    select distinct unnest(skills) as tag
    from job_posts
),

tag_skills as (
    select
        raw_tags.tag,
        coalesce(skills.skill, nullif(lower(trim(raw_tags.tag)), '')) as skill,
        dense_rank() over (order by coalesce(skills.skill, nullif(lower(trim(raw_tags.tag)), ''))) as skill_number,
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
        spelled.skill_number,
    from ai_tags as ai_skills
    inner join tag_skills using (tag)
    inner join tag_skills as spelled on tag_skills.skill = spelled.skill
),

post_tags as (
    select
        {{ domain | join(', ') }},
        post_number,
        client_number,
        is_us_client,
        accepted,
        error_weight,
        unnest(skills) as tag,
    from numbered_posts
),

post_skills as (
    select distinct
        {%- for column in domain %}
        post_tags.{{ column }},
        {%- endfor %}
        post_tags.post_number,
        domain_tags.skill_number,
        post_tags.client_number,
        post_tags.is_us_client,
        post_tags.accepted,
        post_tags.error_weight,
    from post_tags
    inner join domain_tags using ({{ domain | join(', ') }}, tag)
),
{% endmacro %}

{#- A number by which one query tells posts apart. -#}
{% macro post_number(post_id) -%}
    {{ adapter.dispatch('post_number')(post_id) }}
{%- endmacro %}

{% macro default__post_number(post_id) -%} hash({{ post_id }}) {%- endmacro %}
