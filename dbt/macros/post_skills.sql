{#- Which post of a domain carries which skill, of those that an AI post of the domain carries.

    Reads the CTEs of skill_count_ctes. Gives `numbered_posts`, `post_skills` (domain, post_number, skill_number, and what
    the post brings along), `tag_skills` (the skill of a tag, with its number) and `domain_tags`.

    Posts, clients and skills are numbered: millions of rows are grouped, by numbers at half the cost of texts. -#}
{% macro post_skill_ctes(domain) %}
-- materialized: read twice, and a second reading could number otherwise
clients as materialized (
    select
        client_key,
        {{ numbered('client_key') }} as client_number,
    from (select distinct client_key from domain_posts) as known_clients
),

-- the numbers of posts are for post_tags alone
numbered_posts as not materialized (
    select
        {%- for column in domain %}
        domain_posts.{{ column }},
        {%- endfor %}
        domain_posts.is_us_client,
        domain_posts.accepted,
        domain_posts.error_weight,
        domain_posts.skills,
        clients.client_number,
        {{ numbered('domain_posts.post_id') }} as post_number,
    from domain_posts
    inner join clients using (client_key)
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

{#- A number for each row of a relation whose rows the key tells apart within a domain. -#}
{% macro numbered(key) -%}
    {{ adapter.dispatch('numbered')(key) }}
{%- endmacro %}

{% macro default__numbered(key) -%} row_number() over () {%- endmacro %}
