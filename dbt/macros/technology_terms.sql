{#- One regular expression of all terms of a technology and kind, from the seed `technology_terms`.
    The term syntax is the one of ml/features/keywords.py; tests hold both to the same posts. -#}
{% macro term_pattern(technology, kind) %}
    {%- set terms = ref('technology_terms') -%}
    {%- if not execute -%}{{ return('a^') }}{%- endif -%}
    {%- set query -%}
        select term from {{ terms }}
        where technology = '{{ technology }}' and kind = '{{ kind }}'
        order by length(term) desc, term
    {%- endset -%}
    {%- set patterns = [] -%}
    {%- for term in run_query(query).columns[0].values() -%}
        {%- do patterns.append(term_to_regex(term)) -%}
    {%- endfor -%}
    {{ return('(?i)(?:' ~ (patterns | join('|')) ~ ')' if patterns else 'a^') }}
{% endmacro %}
