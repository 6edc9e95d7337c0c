{#- Value of a contract in USD: closed, what was paid; open, the larger of what was paid and what is projected, where both are
    known. Anything else is unknown: what an open contract has been paid so far is no value of the contract. -#}
{% macro contract_value_usd(state, paid, projected) -%}
    case {{ state }}
        when 'closed' then {{ paid }}
        when 'open' then
            case when {{ paid }} is not null and {{ projected }} is not null then greatest({{ paid }}, {{ projected }}) end
    end
{%- endmacro %}
