{#- Models and seeds on Spark: every one is a table of Parquet files, made anew in each build. Parquet has no deletes for
    incremental models, and a view could not be read beside Spark. The models' SQL is put into Spark's dialect here. -#}

{% macro spark_table() %}
    {%- set relation = this.incorporate(type='table') -%}
    {% do adapter.drop_relation(relation) %}
    {%- call statement('main') -%}
        {{ create_table_as(false, relation, compiled_code) }}
    {%- endcall -%}
    {{ return({'relations': [relation]}) }}
{% endmacro %}

{% materialization table, adapter='spark' %}{{ return(spark_table()) }}{% endmaterialization %}

{% materialization view, adapter='spark' %}{{ return(spark_table()) }}{% endmaterialization %}

{% materialization incremental, adapter='spark' %}{{ return(spark_table()) }}{% endmaterialization %}

{% macro spark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {%- if config.get('contract').enforced -%}{{ get_assert_columns_equivalent(adapter.translated(compiled_code)) }}{%- endif -%}
    create table {{ relation }} {{ spark_place(relation) }} as
    {{ adapter.translated(compiled_code) }}
{%- endmacro %}

{% macro spark_place(relation) -%}
    using parquet location '{{ env_var('HIRING_PULSE_SPARK_TABLES') }}/{{ relation.schema }}/{{ relation.identifier }}'
{%- endmacro %}

{#- The types of a contract, as the columns of an empty query. -#}
{% macro spark__get_empty_schema_sql(columns) -%}
    {%- set sql -%}
    select
        {%- for column in columns.values() %}
        cast(null as {{ column.data_type }}) as {{ column.name }},
        {%- endfor %}
    where false
    {%- endset -%}
    {{ adapter.translated(sql) }}
{%- endmacro %}

{% macro spark__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    select
        {{ fail_calc }} as failures,
        {{ fail_calc }} {{ warn_if }} as should_warn,
        {{ fail_calc }} {{ error_if }} as should_error
    from (
        {{ adapter.translated(main_sql) }}
        {{ "limit " ~ limit if limit }}
    ) as failing
{%- endmacro %}

{% macro spark__create_csv_table(model, agate_table) %}{{ return('') }}{% endmacro %}

{#- A seed with its rows as literals; dbt-spark's own macro writes what is empty as the word None. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set sql -%}
        select
            {%- for name in agate_table.column_names %}
            cast({{ name }} as {{ types.get(name, 'varchar') }}) as {{ name }},
            {%- endfor %}
        from (values
            {%- for row in agate_table.rows %}
            (
                {%- for value in row -%}
                {{ 'null' if value is none else "'" ~ (value | string | replace("'", "''")) ~ "'" }}{{ ', ' if not loop.last }}
                {%- endfor -%}
            ){{ ',' if not loop.last }}
            {%- endfor %}
        ) as written ({{ agate_table.column_names | join(', ') }})
    {%- endset -%}
    {%- set created = 'create table ' ~ this ~ ' ' ~ spark_place(this) ~ ' as ' ~ adapter.translated(sql) -%}
    {% do adapter.add_query(created, abridge_sql_log=true) %}
    {{ return(created) }}
{% endmacro %}
