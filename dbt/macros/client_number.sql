{#- Clients by number, since a number is grouped at half the cost of a text: the last eight bytes of the md5, so that a client
    keeps its number and its group in every version of the engine. Of ten million clients two share one with a chance of
    one in a hundred thousand. -#}
{% macro client_number(client_id) -%}
    {{ adapter.dispatch('client_number')(client_id) }}
{%- endmacro %}

{% macro default__client_number(client_id) -%}
    cast(md5_number_lower({{ client_id }}) % {{ client_numbers() }}::ubigint as bigint)
{%- endmacro %}

{#- Numbers fit a bigint, and are a multiple of the groups: the group of a client is that of its whole number. -#}
{% macro client_numbers() %}{{ return(9223372036854775800) }}{% endmacro %}

{#- Groups of clients for the delete-a-group jackknife. -#}
{% macro client_group_count() %}{{ return(50) }}{% endmacro %}

{% macro client_group(client_number) -%}
    cast({{ client_number }} % {{ client_group_count() }} as integer)
{%- endmacro %}
