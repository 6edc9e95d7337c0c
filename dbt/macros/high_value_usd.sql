{#- A contract is of high value strictly above this many USD. -#}
{% macro high_value_usd() -%} 1000 {%- endmacro %}
