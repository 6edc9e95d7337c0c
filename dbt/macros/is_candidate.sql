{#- A post is a candidate when an include term hits its text after every excluded phrase was taken out: the exclusion
    removes the false hit, not the post. The cheap test comes first; few posts reach the replacement. -#}
{% macro is_candidate(text, technology) -%}
    {%- set include = term_pattern(technology, 'include') -%}
    {%- set exclude = term_pattern(technology, 'exclude') -%}
    case
        when not regexp_matches({{ text }}, '{{ include }}') then false
        else regexp_matches(regexp_replace({{ text }}, '{{ exclude }}', ' ', 'g'), '{{ include }}')
    end
{%- endmacro %}
