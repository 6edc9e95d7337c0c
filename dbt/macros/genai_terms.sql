{#- The include terms of ai that speak of generative AI: those of language models, assistants and generated media, and the
    words for it among the general ones. Read from the seed `technology_terms`, so that a term stands in one place. -#}
{% macro genai_term_pattern() %}
    {%- set terms = ref('technology_terms') -%}
    {%- if not execute -%}{{ return('a^') }}{%- endif -%}
    {%- set query -%}
        select term from {{ terms }}
        where
            technology = 'ai'
            and kind = 'include'
            and (
                note in ('language models', 'assistants', 'generated media')
                or term in ('genai', 'generative', 'agentic', 'aigc')
            )
        order by length(term) desc, term
    {%- endset -%}
    {%- set patterns = [] -%}
    {%- for term in run_query(query).columns[0].values() -%}
        {%- do patterns.append(term_to_regex(term)) -%}
    {%- endfor -%}
    {{ return('(?i)(?:' ~ (patterns | join('|')) ~ ')' if patterns else 'a^') }}
{% endmacro %}
