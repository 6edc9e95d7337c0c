{#- What has another name, or no name, on Spark. Each stands beside its macro for DuckDB: client_group.sql, post_skills.sql. -#}

{#- The same as DuckDB's md5_number_lower: the last eight bytes of the md5, the last of them first. -#}
{% macro spark__client_group(column) -%}
    cast(
        cast(
            conv(
                concat(
                    {%- for position in range(31, 16, -2) -%}
                    substr(md5({{ column }}), {{ position }}, 2){{ ', ' if not loop.last }}
                    {%- endfor -%}
                ), 16, 10
            ) as decimal(20, 0)
        ) % {{ client_group_count() }} as integer
    )
{%- endmacro %}

{#- A number would be another one each time that Spark computes it: the key itself stands for it. -#}
{% macro spark__numbered(key) -%} {{ key }} {%- endmacro %}
