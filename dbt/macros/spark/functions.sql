{#- What has another name, or no name, on Spark. Each stands beside its macro for DuckDB: client_group.sql, post_skills.sql. -#}

{#- The remainder of DuckDB's md5_number_lower: of the last eight bytes of the md5, the first of them counting least. -#}
{% macro spark__client_group(column) -%}
    cast(
        (
            {%- for byte in range(8) %}
            cast(conv(substr(md5({{ column }}), {{ 17 + 2 * byte }}, 2), 16, 10) as integer)
            * {{ 256 ** byte % client_group_count() }}{{ ' +' if not loop.last }}
            {%- endfor %}
        ) % {{ client_group_count() }} as integer
    )
{%- endmacro %}

{#- A number would be another one each time that Spark computes it: the key itself stands for it. -#}
{% macro spark__numbered(key) -%} {{ key }} {%- endmacro %}
