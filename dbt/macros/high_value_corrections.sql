{#- Sums of the errors of each client, from a CTE `errors`; `keys` are the columns of the corrected rows. -#}
{% macro client_errors(keys) %}
    select
        {{ keys | join(', ') }},
        client_number,
        sum(correction_weight) as known_weight,
        coalesce(sum(correction_weight) filter (where is_high_value), 0) as high_weight,
    from errors
    where category_id is not null
    group by {{ keys | join(', ') }}, client_number
{% endmacro %}

{#- What errors change in the sums of known and high values, from the CTEs `errors`, `client_errors` and `accepted`. -#}
{% macro high_value_corrections(keys) %}
clients as (
    select
        client_errors.*,
        coalesce(accepted.known_count, 0) as known_count,
        coalesce(accepted.high_count, 0) as high_count,
    from client_errors
    left join accepted using ({{ keys | join(', ') }}, client_number)
),

changes as (
    select
        {{ keys | join(', ') }},
        count(*) filter (where known_count = 0) as cluster_count,
        sum((high_count + high_weight) ** 2 - high_count ** 2) as sum_yy,
        sum((high_count + high_weight) * (known_count + known_weight) - high_count * known_count) as sum_yn,
        sum((known_count + known_weight) ** 2 - known_count ** 2) as sum_nn,
    from clients
    group by {{ keys | join(', ') }}
),

error_sums as (
    select
        {{ keys | join(', ') }},
        {{ audit_error_sums('high_', 'is_high_value') }}
        {{ audit_error_sums('known_') }}
    from errors
    where category_id is not null
    group by {{ keys | join(', ') }}
),

final as (
    select
        changes.*,
        error_sums.* exclude ({{ keys | join(', ') }}),
    from changes
    inner join error_sums using ({{ keys | join(', ') }})
)
{% endmacro %}

{#- Counts and sums of `sums` with their `corrections`; `known` is the count that high values are a share of. -#}
{% macro corrected_high_values(known, corrected_known) %}
        sums.high_value_count + {{ audit_net('corrections', 'high_') }} as corrected_high_count,
        sums.{{ known }} + {{ audit_net('corrections', 'known_') }} as {{ corrected_known }},
        {%- for column in ['cluster_count', 'sum_yy', 'sum_yn', 'sum_nn'] %}
        sums.high_value_{{ column }} + coalesce(corrections.{{ column }}, 0) as high_value_corrected_{{ column }},
        {%- endfor %}
{% endmacro %}
