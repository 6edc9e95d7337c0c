{#- Clients are hashed into groups for the delete-a-group jackknife; md5, so that a client keeps its group in every
    version of the engine. -#}
{% macro client_group_count() %}{{ return(50) }}{% endmacro %}

{% macro client_group(column) -%}
    {{ adapter.dispatch('client_group')(column) }}
{%- endmacro %}

{% macro default__client_group(column) -%}
    cast(md5_number_lower({{ column }}) % {{ client_group_count() }} as integer)
{%- endmacro %}
