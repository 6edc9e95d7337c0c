{#- The filters on projected value, as (name, least known value in USD). `all` drops nothing, unknown values stay. -#}
{% macro value_filters() %}
    {{ return([('all', none), ('at_least_0', 0), ('at_least_50', 50), ('at_least_100', 100), ('at_least_1000', 1000)]) }}
{% endmacro %}

{#- Condition of one filter; an unknown value passes only the filter that drops nothing. -#}
{% macro passes_value_filter(minimum, column='projected_value_usd') -%}
    {{ 'true' if minimum is none else 'coalesce(' ~ column ~ ' >= ' ~ minimum ~ ', false)' }}
{%- endmacro %}
