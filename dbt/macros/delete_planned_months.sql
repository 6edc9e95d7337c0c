{#- Pre-hook of the incremental models: empties the plan's months in the model's own transaction. dbt's `delete+insert` deletes
    only the keys that come back, so a month whose last post moved to an earlier month would keep it twice. -#}
{% macro delete_planned_months(column) -%}
    {% raw %}{% if is_incremental() %}delete from {{ this }} where {{ is_planned_month('{% endraw %}{{ column }}{% raw %}') }}{% endif %}{% endraw %}
{%- endmacro %}
