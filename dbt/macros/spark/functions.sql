{#- What has another name, or no name, on Spark. Each stands beside its macro for DuckDB: client_number.sql, post_skills.sql. -#}

{#- DuckDB's md5_number_lower: the last eight bytes of the md5, the first of them counting least. -#}
{% macro spark__client_number(client_id) -%}
    cast(
        cast(
            conv(
                concat(
                    {%- for byte in range(7, -1, -1) %}
                    substr(md5({{ client_id }}), {{ 17 + 2 * byte }}, 2){{ ',' if not loop.last }}
                    {%- endfor %}
                ), 16, 10
            ) as decimal(20, 0)
        ) % cast({{ client_numbers() }} as decimal(20, 0)) as bigint
    )
{%- endmacro %}

{% macro spark__post_number(post_id) -%} {{ post_id }} {%- endmacro %}
