{#- A condition of the keyword step over a text: a technology's (`ai`, `cloud`, `rpa`), or `genai`. The rule is Python's
    (ml/features/keywords.py); each run writes it into the lake as SQL before dbt starts. -#}
{% macro candidate_rule(name, text) -%}
    {{ adapter.dispatch('candidate_rule')(name, text) }}
{%- endmacro %}

{% macro default__candidate_rule(name, text) -%}
    {%- if not execute -%}{{ return('false') }}{%- endif -%}
    {{ return(keyword_step(name) | replace('post_text', text)) }}
{%- endmacro %}

{#- The text that the keyword step reads of a relation's posts: title, skills, description, cleaned. -#}
{% macro post_text(relation) -%}
    {{ adapter.dispatch('post_text')(relation) }}
{%- endmacro %}

{% macro default__post_text(relation) -%}
    {%- if not execute -%}{{ return('null') }}{%- endif -%}
    {{ return(keyword_step('post_text') | replace('post.', relation ~ '.')) }}
{%- endmacro %}

{#- A part of the keyword step, as the run wrote it. -#}
{% macro keyword_step(name) -%}
    {%- set query -%}
        select condition from read_json(
            '{{ lake_path() }}/candidate_rules.json',
            format = 'array',
            hive_partitioning = false,
            columns = {name: 'varchar', condition: 'varchar'}
        )
        where name = '{{ name }}'
    {%- endset -%}
    {{ return(run_query(query).columns[0].values()[0]) }}
{%- endmacro %}
