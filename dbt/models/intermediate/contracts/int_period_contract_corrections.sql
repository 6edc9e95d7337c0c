-- grain: one period of the contracts' start, technology, category (`all` = every contract) and value kind in which the audit of a
-- contract's post changes a sum. Only clients with an error are read: for all others the corrected sums are the naive ones.
{{ config(materialized='table') }}

with

contracts as (
    select * from {{ ref('int_contracts') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
    where correction_weight != 0
),

-- what is wrongly AI is wrongly missing from `non_ai`, and the other way round
post_errors as (
    select
        post_id,
        technology,
        outcome,
        weight,
        correction_weight,
    from audited_posts
    union all
    select
        post_id,
        'non_ai',
        case when correction_weight > 0 then 'accepted_false' else 'refused_true' end,
        weight,
        -correction_weight,
    from audited_posts
    where technology = 'ai'
),

errors as (
    {% for kind, is_valued, is_high in contract_value_kinds() %}
    select
        periods.period_id,
        post_errors.technology,
        unnest(['all', contracts.category_id]) as category_id,
        '{{ kind }}' as value_kind,
        contracts.client_number,
        {{ is_high }} as is_high_value,
        post_errors.outcome,
        post_errors.weight,
        post_errors.correction_weight,
    from contracts
    inner join post_errors using (post_id)
    inner join periods on contracts.started_month between periods.period_start and periods.period_end
    where {{ is_valued }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

client_errors as (
    {{ client_errors(['period_id', 'technology', 'category_id', 'value_kind']) }}
),

technology_contracts as (
    {{ technology_contracts('contracts') }}
),

accepted as (
    {% for kind, is_valued, is_high in contract_value_kinds() %}
    select
        client_errors.period_id,
        client_errors.technology,
        client_errors.category_id,
        client_errors.value_kind,
        client_errors.client_number,
        count(*) as known_count,
        count(*) filter (where {{ is_high }}) as high_count,
    from technology_contracts
    inner join periods on technology_contracts.started_month between periods.period_start and periods.period_end
    inner join client_errors
        on
            periods.period_id = client_errors.period_id
            and technology_contracts.technology = client_errors.technology
            and technology_contracts.client_number = client_errors.client_number
            and client_errors.category_id in ('all', technology_contracts.category_id)
    where client_errors.value_kind = '{{ kind }}' and {{ is_valued }}
    group by all
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

{{ high_value_corrections(['period_id', 'technology', 'category_id', 'value_kind']) }}

select * from final
