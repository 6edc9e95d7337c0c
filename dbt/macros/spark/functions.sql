{#- What has another name, or no name, on Spark. Each stands beside its macro for DuckDB: client_number.sql, post_skills.sql. -#}

{#- DuckDB's md5_number_lower: the last eight bytes of the md5, the first of them counting least. In two halves, since Sail
    reads no hexadecimal number beyond a bigint. -#}
{% macro spark__client_number(client_id) -%}
    cast(
        (
            {{ spark_bytes_number(client_id, range(7, 3, -1)) }} * cast(4294967296 as decimal(20, 0))
            + {{ spark_bytes_number(client_id, range(3, -1, -1)) }}
        ) % cast({{ client_numbers() }} as decimal(20, 0)) as bigint
    )
{%- endmacro %}

{#- The number that these of the last eight bytes of a text's md5 make, the first counting most. -#}
{% macro spark_bytes_number(text, bytes) -%}
    cast(
        conv(
            concat(
                {%- for byte in bytes %}
                substr(md5({{ text }}), {{ 17 + 2 * byte }}, 2){{ ',' if not loop.last }}
                {%- endfor %}
            ), 16, 10
        ) as decimal(20, 0)
    )
{%- endmacro %}

{% macro spark__post_number(post_id) -%} {{ post_id }} {%- endmacro %}
