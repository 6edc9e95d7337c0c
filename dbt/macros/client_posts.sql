{#- All posts of the clients of a CTE (period_id, category_id, client_number), by value filter: columns `posts_<filter>`. -#}
{% macro posts_of_clients(clients) %}
    select
        {{ clients }}.period_id,
        {{ clients }}.category_id,
        {{ clients }}.client_number,
        {%- for value_filter, minimum in value_filters() %}
        count(*) filter (where {{ passes_value_filter(minimum) }}) as posts_{{ value_filter }},
        {%- endfor %}
    from job_posts
    inner join period_months using (posted_month)
    inner join {{ clients }}
        on
            period_months.period_id = {{ clients }}.period_id
            and job_posts.category_id = {{ clients }}.category_id
            and job_posts.client_number = {{ clients }}.client_number
    group by {{ clients }}.period_id, {{ clients }}.category_id, {{ clients }}.client_number
{% endmacro %}

{#- The column of `posts_of_clients` that belongs to a row's value filter. -#}
{% macro posts_of_value_filter(value_filter) -%}
    case {{ value_filter }}
            {%- for name, _ in value_filters() %}
            when '{{ name }}' then posts.posts_{{ name }}
            {%- endfor %}
        end
{%- endmacro %}
