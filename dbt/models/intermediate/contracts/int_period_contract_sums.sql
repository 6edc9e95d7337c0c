-- grain: one period of the contracts' start, technology (`any` = all, `non_ai` = known post that is not AI), category (`all` =
-- every contract) and value kind. `closed` counts closed contracts alone, `closed_and_open` all; the two bounds take every
-- unknown value for one below, or above, the limit.
{{ config(materialized='view') }}

with

contracts as (
    select * from {{ ref('int_contracts') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

technology_contracts as (
    {{ technology_contracts('contracts') }}
),

period_months as (
    {{ months_of_contracts('contracts', 'periods') }}
),

client_counts as (
    select
        period_months.period_id,
        technology_contracts.technology,
        technology_contracts.category_id,
        technology_contracts.client_number,
        count(*) as contract_count,
        count(*) filter (where technology_contracts.state = 'closed') as closed_count,
        count(technology_contracts.contract_value_usd) as known_count,
        count(technology_contracts.contract_value_usd) filter (where technology_contracts.state = 'closed') as closed_known_count,
        count(*) filter (where technology_contracts.contract_value_usd > {{ high_value_usd() }}) as high_count,
        count(*) filter (
            where technology_contracts.contract_value_usd > {{ high_value_usd() }} and technology_contracts.state = 'closed'
        ) as closed_high_count,
    from technology_contracts
    inner join period_months using (started_month)
    group by
        period_months.period_id,
        technology_contracts.technology,
        technology_contracts.category_id,
        technology_contracts.client_number
),

all_categories as (
    select
        period_id,
        technology,
        'all' as category_id,
        client_number,
        {%- for column in [
            'contract_count', 'closed_count', 'known_count', 'closed_known_count', 'high_count', 'closed_high_count',
        ] %}
        cast(sum({{ column }}) as bigint) as {{ column }},
        {%- endfor %}
    from client_counts
    group by period_id, technology, client_number
),

by_client as (
    select * from all_categories
    union all
    select * from client_counts
    where category_id is not null
),

-- every kind in one pass: a row a client and kind would be four times as many
{%- set kinds = [
    ('closed', 'closed_count', 'closed_known_count', 'closed_known_count', 'closed_high_count'),
    ('closed_and_open', 'contract_count', 'known_count', 'known_count', 'high_count'),
    ('unknown_below', 'contract_count', 'known_count', 'contract_count', 'high_count'),
    ('unknown_above', 'contract_count', 'known_count', 'contract_count', '(high_count + contract_count - known_count)'),
] %}
kind_sums as (
    select
        period_id,
        technology,
        category_id,
        {%- for kind, contracts, known, valued, high in kinds %}
        sum({{ contracts }}) as {{ kind }}_contract_count,
        sum({{ known }}) as {{ kind }}_known_value_count,
        sum({{ valued }}) as {{ kind }}_valued_count,
        sum({{ high }}) as {{ kind }}_high_value_count,
        count(*) filter (where {{ valued }} > 0) as {{ kind }}_high_value_cluster_count,
        sum({{ high }} * {{ high }}) as {{ kind }}_high_value_sum_yy,
        sum({{ high }} * {{ valued }}) as {{ kind }}_high_value_sum_yn,
        sum({{ valued }} * {{ valued }}) as {{ kind }}_high_value_sum_nn,
        count(*) filter (where {{ contracts }} > 0) as {{ kind }}_known_value_cluster_count,
        sum({{ known }} * {{ known }}) as {{ kind }}_known_value_sum_yy,
        sum({{ known }} * {{ contracts }}) as {{ kind }}_known_value_sum_yn,
        sum({{ contracts }} * {{ contracts }}) as {{ kind }}_known_value_sum_nn,
        count(*) filter (where {{ known }} > 0) as {{ kind }}_known_value_client_count,
        count(*) filter (where {{ high }} > 0) as {{ kind }}_high_value_client_count,
        count(*) filter (where {{ valued }} > {{ high }}) as {{ kind }}_low_value_client_count,
        count(*) filter (where {{ contracts }} > {{ known }}) as {{ kind }}_unknown_value_client_count,
        {%- endfor %}
    from by_client
    group by period_id, technology, category_id
),

final as (
    {%- for kind, _, _, _, _ in kinds %}
    select
        period_id,
        technology,
        category_id,
        '{{ kind }}' as value_kind,
        {%- for column in [
            'contract_count', 'known_value_count', 'valued_count', 'high_value_count',
            'high_value_cluster_count', 'high_value_sum_yy', 'high_value_sum_yn', 'high_value_sum_nn',
            'known_value_cluster_count', 'known_value_sum_yy', 'known_value_sum_yn', 'known_value_sum_nn',
            'known_value_client_count', 'high_value_client_count', 'low_value_client_count', 'unknown_value_client_count',
        ] %}
        {{ kind }}_{{ column }} as {{ column }},
        {%- endfor %}
    from kind_sums
    where {{ kind }}_contract_count > 0
    {{- '
    union all' if not loop.last }}
    {%- endfor %}
)

select * from final
