{#- Posts that carry a skill, counted in domains (a month, or a period and category) among AI posts and among the others,
    with the sums over clients that their variances need.

    Reads the CTEs `domain_posts` (the domain's columns, client_number, is_us_client, skills, accepted: 1 for an AI post and 0
    for another, error_weight: what an audited post adds to the count of true AI posts), `job_posts` (their skills) and
    `skills` (the dictionary). Gives `skill_counts`: domain, population and skill that an AI post of the domain
    carries. See post_skill_ctes. -#}
{% macro skill_count_ctes(domain, populations=['all', 'us']) %}
{%- set parts = ['ai', 'other', 'corrected'] %}
{{ post_skill_ctes(domain) }}
{% for grain, relation, extra in [('client_skills', 'post_skills', ['skill_number']), ('client_posts', 'numbered_posts', [])] %}
{{ grain }} as (
    select
        {{ (domain + extra) | join(', ') }},
        client_number,
        {%- for population in populations %}
        {%- set of = 'is_us_client' if population == 'us' else 'true' %}
        count(*) filter (where accepted = 1 and {{ of }}) as {{ population }}_ai_count,
        count(*) filter (where accepted = 0 and {{ of }}) as {{ population }}_other_count,
        coalesce(sum(accepted + error_weight) filter (where {{ of }}), 0) as {{ population }}_corrected_count,
        {%- endfor %}
    from {{ relation }}
    group by {{ (domain + extra) | join(', ') }}, client_number
),
{% endfor %}
domain_totals as (
    select
        {{ domain | join(', ') }},
        {%- for population in populations %}
        {%- for part in parts %}
        {%- set count = population ~ '_' ~ part ~ '_count' %}
        sum({{ count }}) as {{ population }}_{{ part }}_total_count,
        count(*) filter (where {{ count }} > 0) as {{ population }}_{{ part }}_cluster_count,
        sum({{ count }} * {{ count }}) as {{ population }}_{{ part }}_sum_nn,
        {%- endfor %}
        {%- endfor %}
    from client_posts
    group by {{ domain | join(', ') }}
),

skill_sums as (
    select
        {%- for column in domain %}
        client_skills.{{ column }},
        {%- endfor %}
        client_skills.skill_number,
        {%- for population in populations %}
        {%- for part in parts %}
        {%- set named, of_client = 'client_skills.' ~ population ~ '_' ~ part ~ '_count', 'client_posts.' ~ population ~ '_' ~ part ~ '_count' %}
        sum({{ named }}) as {{ population }}_{{ part }}_count,
        sum({{ named }} * {{ named }}) as {{ population }}_{{ part }}_sum_yy,
        sum({{ named }} * {{ of_client }}) as {{ population }}_{{ part }}_sum_yn,
        {%- if part != 'corrected' %}
        count(*) filter (where {{ named }} > 0) as {{ population }}_{{ part }}_client_count,
        -- clients all of whose posts carry the skill: none of them is in the complement
        count(*) filter (
            where {{ of_client }} > 0 and {{ named }} = {{ of_client }}
        ) as {{ population }}_{{ part }}_whole_client_count,
        {%- endif %}
        {%- endfor %}
        {%- endfor %}
    from client_skills
    inner join client_posts using ({{ domain | join(', ') }}, client_number)
    group by
        {%- for column in domain %}
        client_skills.{{ column }},
        {%- endfor %}
        client_skills.skill_number
),

skill_names as (
    select distinct
        skill_number,
        skill,
    from tag_skills
),

skill_counts as (
    {%- for population in populations %}
    select
        {%- for column in domain %}
        skill_sums.{{ column }},
        {%- endfor %}
        skill_names.skill,
        '{{ population }}' as population,
        {%- for part in parts %}
        {%- for figure in ['count', 'sum_yy', 'sum_yn'] + (['client_count', 'whole_client_count'] if part != 'corrected' else []) %}
        skill_sums.{{ population }}_{{ part }}_{{ figure }} as {{ part }}_{{ figure }},
        {%- endfor %}
        {%- for figure in ['total_count', 'cluster_count', 'sum_nn'] %}
        domain_totals.{{ population }}_{{ part }}_{{ figure }} as {{ part }}_{{ figure }},
        {%- endfor %}
        {%- endfor %}
    from skill_sums
    inner join domain_totals using ({{ domain | join(', ') }})
    inner join skill_names using (skill_number)
    where skill_sums.{{ population }}_ai_count > 0
    {{- '
    union all' if not loop.last }}
    {%- endfor %}
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
