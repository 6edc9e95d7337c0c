{#- Read a seed. In the place of dbt-duckdb's macro of this name, whose statement ends at an apostrophe of the path. -#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set sql %}
        copy {{ this.render() }} from '{{ inside_quotes(adapter.get_seed_file_path(model)) }}' (format csv, header true)
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=true) %}
    {{ return(sql) }}
{% endmacro %}
