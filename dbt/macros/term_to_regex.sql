{#- One term as an RE2 pattern, by the six rules at the top of ml/features/keywords.py, quoted for an SQL string. -#}
{% macro term_to_regex(term) %}
    {%- set words = [] -%}
    {%- for word in term.split() -%}
        {%- set stem = word[:-1] if word.endswith('*') else word -%}
        {%- do words.append(modules.re.sub('([^a-z0-9_\\u0080-\\U0010ffff])', '\\\\\\1', stem) ~ ('\\w*' if word.endswith('*') else '')) -%}
    {%- endfor -%}
    {%- set starts_with_word = modules.re.match('[a-z0-9_]', term) -%}
    {%- set ends_with_word = modules.re.search('[a-z0-9_*]$', term) -%}
    {%- set pattern = ('\\b' if starts_with_word else '') ~ (words | join('[ \\t\\r\\n-]+')) ~ ('\\b' if ends_with_word else '') -%}
    {{ return(pattern | replace("'", "''")) }}
{% endmacro %}
