{#- A condition of the keyword step over a text: a technology's (`ai`, `cloud`, `rpa`), or `genai`. The rule is Python's
    (ml/features/keywords.py); each run writes it into the lake as SQL before dbt starts. -#}
{% macro candidate_rule(name, text) -%}
    {%- if not execute -%}{{ return('false') }}{%- endif -%}
    {%- set query -%}
        select condition from read_json(
            '{{ lake_path() }}/candidate_rules.json',
            format = 'array',
            columns = {name: 'varchar', condition: 'varchar'}
        )
        where name = '{{ name }}'
    {%- endset -%}
    {{ return(run_query(query).columns[0].values()[0] | replace('post_text', text)) }}
{%- endmacro %}
