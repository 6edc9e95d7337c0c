{#- Fewer contracts with an audited post than this correct no share of contracts. -#}
{% macro smallest_contract_audit() -%} 30 {%- endmacro %}
