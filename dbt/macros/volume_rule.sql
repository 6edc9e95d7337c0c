{#- A month's volume is unusual below 0.6 or above 3 times its reference, the median of its neighbouring months. -#}
{% macro is_unusual_volume(count, reference) -%}
    ({{ count }} < 0.6 * {{ reference }} or {{ count }} > 3 * {{ reference }})
{%- endmacro %}
