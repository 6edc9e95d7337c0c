{#- Reading the lake. The run's plan (`lake/plan.json`, one record a month to build) is a file and not a dbt variable, so that
    a run with another plan can still use dbt's partial parsing. How Spark reads these places stands in `spark/lake.sql`. -#}

{#- Asked for at execution alone: a variable read while parsing has dbt parse its readers anew in every workspace. -#}
{% macro lake_path() -%}
    {%- if execute -%}
        {{ inside_quotes(env_var('HIRING_PULSE_LAKE', '../data/simulated_marketplace/lake')) }}
    {%- endif -%}
{%- endmacro %}

{#- A path for a place between apostrophes: its own apostrophes end no text, its own brackets and stars are no patterns. -#}
{% macro inside_quotes(path) -%}
    {{ path | replace("[", "[[]") | replace("*", "[*]") | replace("?", "[?]") | replace("'", "''") }}
{%- endmacro %}

{#- The plan as a relation: month, input_hash, mapping_hash, rules_hash, model versions, related_months. -#}
{% macro run_plan() -%}
    {{ adapter.dispatch('run_plan')() }}
{%- endmacro %}

{% macro default__run_plan() -%}
    read_json(
        '{{ lake_path() }}/plan.json',
        format = 'array',
        hive_partitioning = false,  -- a folder `month=...` above the workspace is no column
        columns = {
            month: 'varchar', input_hash: 'varchar', mapping_hash: 'varchar', rules_hash: 'varchar',
            ai_model_version: 'varchar', cloud_model_version: 'varchar', rpa_model_version: 'varchar',
            related_months: 'varchar[]'
        }
    )
{%- endmacro %}

{#- A relation over the Parquet files of a partitioned folder that belong to the plan's months. `schema.parquet` is an empty
    file with the table's columns: it stands in for a month, or a whole input, that the source does not provide. -#}
{% macro planned_rows(folder, partitions, with_related=false) %}
    {{ adapter.dispatch('planned_rows')(folder, partitions, with_related) }}
{% endmacro %}

{% macro default__planned_rows(folder, partitions, with_related=false) %}
    {%- set files = [] -%}
    {%- if execute -%}
        {%- set query -%}
            select file from glob('{{ lake_path() }}/{{ folder }}/{{ partitions }}/*.parquet')
            where
                regexp_extract(file, '.*/month=([0-9-]+)/', 1) in (
                    select unnest({{ 'list_append(related_months, month)' if with_related else '[month]' }}) from {{ run_plan() }}
                )
                and regexp_extract(file, '.*/month=([0-9-]+)/load=(.+)[.]parquet$', ['month', 'load_id'])
                not in (select {'month': month, 'load_id': load_id} from {{ left_out_file() }} where load_id is not null)
            order by file
        {%- endset -%}
        {%- set files = run_query(query).columns[0].values() -%}
    {%- endif -%}
    read_parquet(
        ['{{ lake_path() }}/{{ folder }}/schema.parquet'{% for file in files %}, '{{ inside_quotes(file) }}'{% endfor %}],
        union_by_name = true,
        hive_partitioning = false
    )
{%- endmacro %}

{#- Rows of one raw table in the plan's months and in the months that hold other states of the same posts. -#}
{% macro lake_rows(relation) -%}
    {{ planned_rows(relation.schema ~ '/' ~ relation.identifier, 'month=*', with_related=true) }}
{%- endmacro %}

{#- Predictions of the plan's months. -#}
{% macro prediction_rows(relation) -%}
    {{ planned_rows(relation.schema, 'technology=*/month=*') }}
{%- endmacro %}

{#- What the candidates of the plan's months look like to the model that scored them, written with the predictions. -#}
{% macro drift_rows() -%}
    {{ planned_rows('drift', 'technology=*/month=*') }}
{%- endmacro %}

{#- The estimates of one statistic; the relation is a source, so that lineage sees the file. -#}
{% macro estimate_rows(relation) -%}
    {{ lake_file('estimates/' ~ relation.identifier) }}
{%- endmacro %}

{#- True for rows whose month is in the plan: the months an incremental model replaces. -#}
{% macro is_planned_month(column) -%}
    {{ column }} in (select cast(month || '-01' as date) from {{ run_plan() }})
{%- endmacro %}

{#- What people hold within a month and what newer files replaced: month, load_id, category, one of the two null. -#}
{% macro left_out_file() -%}
    {{ adapter.dispatch('left_out_file')() }}
{%- endmacro %}

{% macro default__left_out_file() -%}
    read_json(
        '{{ lake_path() }}/left_out.json',
        format = 'array',
        hive_partitioning = false,
        columns = {month: 'varchar', load_id: 'varchar', category: 'varchar'}
    )
{%- endmacro %}

{#- The same as the relation of a source, so that lineage sees the file. -#}
{% macro left_out_rows(relation) -%}
    {{ left_out_file() }}
{%- endmacro %}

{#- The books of the lake: one row a load, table and month. -#}
{% macro load_rows(relation) -%}
    {{ lake_file(relation.identifier) }}
{%- endmacro %}

{#- One Parquet file of the lake, by its path without the ending. -#}
{% macro lake_file(path) -%}
    {{ adapter.dispatch('lake_file')(path) }}
{%- endmacro %}

{% macro default__lake_file(path) -%}
    read_parquet('{{ lake_path() }}/{{ path }}.parquet', hive_partitioning = false)
{%- endmacro %}
