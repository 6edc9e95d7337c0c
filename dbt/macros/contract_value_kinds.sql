{#- The kinds of contract values as (name, which contracts are the denominator, which of them are of high value). -#}
{% macro contract_value_kinds() %}
    {%- set is_high = 'contract_value_usd > ' ~ high_value_usd() -%}
    {{ return([
        ('closed', "contract_value_usd is not null and state = 'closed'", is_high),
        ('closed_and_open', 'contract_value_usd is not null', is_high),
        ('unknown_below', 'true', 'coalesce(' ~ is_high ~ ', false)'),
        ('unknown_above', 'true', 'coalesce(' ~ is_high ~ ', true)'),
    ]) }}
{% endmacro %}
