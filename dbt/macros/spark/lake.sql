{#- Reading the lake on Spark: the views that `dagster_project/spark/session.py` makes of the lake's files before dbt starts,
    and, once staging is built, `dagster_project/spark/score.py` of predictions and drift. Every month that the warehouse knows
    is built, so that all files of a folder are the plan's. -#}

{% macro spark__run_plan() -%} lake_plan {%- endmacro %}

{% macro spark__left_out_file() -%} lake_left_out {%- endmacro %}

{% macro spark__planned_rows(folder, partitions, with_related=false) -%} lake_{{ folder | replace('/', '_') }} {%- endmacro %}

{% macro spark__lake_file(path) -%} lake_{{ path | replace('/', '_') }} {%- endmacro %}

{#- The keyword step is Python's own on Spark, whose regular expressions read a word's end otherwise. -#}
{% macro spark__candidate_rule(name, text) -%} is_candidate('{{ name }}', {{ text }}) {%- endmacro %}

{% macro spark__post_text(relation) -%}
    clean_text(concat_ws(' | ', {{ relation }}.title, array_to_string({{ relation }}.skills, ' | '), {{ relation }}.description))
{%- endmacro %}
