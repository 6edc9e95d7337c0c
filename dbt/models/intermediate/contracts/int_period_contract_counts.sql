-- grain: one period of the contracts' start, technology (`any` = all, `non_ai` = known post that is not AI), category (`all` =
-- every contract) and value kind: its sums beside its quartiles, its audit and the other contracts of the category.
{{ config(materialized='table') }}

with

sums as (
    select * from {{ ref('int_period_contract_sums') }}
),

quartiles as (
    select * from {{ ref('int_period_contract_quartiles') }}
),

corrections as (
    select * from {{ ref('int_period_contract_corrections') }}
),

audit_samples as (
    select * from {{ ref('int_period_contract_audits') }}
),

audited_counts as (
    select * from {{ ref('int_period_contract_audited_counts') }}
),

post_samples as (
    select * from {{ ref('int_period_audit_samples') }}
),

category_audits as (
    select * from {{ ref('int_period_category_audits') }}
),

-- beside the contracts of a technology in a category the other ones there, which those accepted falsely belong to
of_any as (
    select * from sums
    where technology = 'any' and category_id != 'all'
),

final as (
    select
        sums.period_id,
        sums.technology,
        sums.category_id,
        sums.value_kind,
        {%- for column in [
            'contract_count', 'known_value_count', 'valued_count', 'high_value_count',
            'high_value_cluster_count', 'high_value_sum_yy', 'high_value_sum_yn', 'high_value_sum_nn',
            'known_value_cluster_count', 'known_value_sum_yy', 'known_value_sum_yn', 'known_value_sum_nn',
        ] %}
        cast(sums.{{ column }} as bigint) as {{ column }},
        {%- endfor %}
        sums.known_value_client_count,
        sums.high_value_client_count,
        sums.low_value_client_count,
        sums.unknown_value_client_count,
        quartiles.lower_quartile_usd,
        quartiles.median_value_usd,
        quartiles.upper_quartile_usd,
        {{ audit_error_columns('corrections', 'high_') }}
        {{ audit_error_columns('corrections', 'known_') }}
        {{
            audit_coverage_or_none(
                'sums', 'audit_samples', 'audited_counts.audited_count', without_row='no contract of a known post'
            )
        }}
        {{ corrected_high_values('valued_count', 'corrected_valued_count') }}
        cast(coalesce(of_any.valued_count - sums.valued_count, 0) as bigint) as other_valued_count,
        cast(coalesce(of_any.high_value_count - sums.high_value_count, 0) as bigint) as other_high_value_count,
        coalesce(category_audits.accepted_audited_count, 0) as accepted_audited_count,
        {%- for column in ['true_weight', 'true_squares', 'false_weight', 'false_squares'] %}
        coalesce(category_audits.accepted_{{ column }}, 0) as accepted_{{ column }},
        {%- endfor %}
        coalesce(post_samples.unfound_candidate_weight, 0) as unfound_post_weight,
        post_samples.not_corrected_reason as posts_not_corrected_reason,
    from sums
    left join quartiles using (period_id, technology, category_id, value_kind)
    left join corrections using (period_id, technology, category_id, value_kind)
    left join audited_counts using (period_id, technology, category_id, value_kind)
    left join audit_samples using (period_id, technology)
    left join post_samples using (period_id, technology)
    left join category_audits using (period_id, technology, category_id)
    left join of_any
        on
            sums.period_id = of_any.period_id
            and sums.category_id = of_any.category_id
            and sums.value_kind = of_any.value_kind
)

select * from final
