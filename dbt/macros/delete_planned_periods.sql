{#- Pre-hook of the models by period: takes out the periods that the plan touches, in the model's own transaction. -#}
{% macro delete_planned_periods() -%}
    {% raw %}{% if is_incremental() %}
        delete from {{ this }} where period_id in (select period_id from {{ ref('int_planned_period_months') }})
    {% endif %}{% endraw %}
{%- endmacro %}
