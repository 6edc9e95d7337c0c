-- grain: one period of the contracts' start, technology, category (`all` = every contract) and value kind (closed,
-- closed_and_open) with a known value.
-- In two steps: counts by bins of the value say in which bin a quartile lies, and the values of that bin alone are sorted. A
-- list of all values is memory that DuckDB neither counts nor spills.
{{ config(materialized='table') }}

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

known_values as (
    select
        started_month,
        technology,
        category_id,
        state = 'closed' as is_closed,
        contract_value_usd as value_usd,
        cast(floor(sqrt(greatest(contract_value_usd, 0))) as bigint) as bin,
    from technology_contracts
    where contract_value_usd is not null
),

value_kinds as (
    select
        'closed' as value_kind,
        true as is_closed,
    union all
    select
        'closed_and_open',
        true,
    union all
    select
        'closed_and_open',
        false,
),

monthly_bins as (
    select
        started_month,
        technology,
        category_id,
        is_closed,
        bin,
        count(*) as row_count,
    from known_values
    group by
        started_month,
        technology,
        category_id,
        is_closed,
        bin
),

period_bins as (
    select
        period_months.period_id,
        monthly_bins.technology,
        case when grouping(monthly_bins.category_id) = 1 then 'all' else monthly_bins.category_id end as category_id,
        value_kinds.value_kind,
        monthly_bins.bin,
        sum(monthly_bins.row_count) as row_count,
    from monthly_bins
    inner join period_months using (started_month)
    inner join value_kinds using (is_closed)
    group by grouping sets ( -- noqa: PRS, RF02
        (period_months.period_id, monthly_bins.technology, value_kinds.value_kind, monthly_bins.bin),
        (
            period_months.period_id, monthly_bins.technology, value_kinds.value_kind, monthly_bins.bin,
            monthly_bins.category_id
        )
    )
),

ranked_bins as (
    select
        *,
        sum(row_count) over (
            partition by period_id, technology, category_id, value_kind
            order by bin
            rows between unbounded preceding and current row
        ) as rows_up_to,
        sum(row_count) over (partition by period_id, technology, category_id, value_kind) as all_rows,
    from period_bins
    where category_id is not null
),

quartiles as (
    select unnest([1, 2, 3]) as quartile
),

quartile_bins as (
    select
        ranked_bins.period_id,
        ranked_bins.technology,
        ranked_bins.category_id,
        ranked_bins.value_kind,
        ranked_bins.bin,
        ranked_bins.rows_up_to - ranked_bins.row_count as rows_before,
        ranked_bins.all_rows,
        quartiles.quartile,
    from ranked_bins
    inner join quartiles
        on
            4 * ranked_bins.rows_up_to >= quartiles.quartile * ranked_bins.all_rows
            and 4 * (ranked_bins.rows_up_to - ranked_bins.row_count) < quartiles.quartile * ranked_bins.all_rows
),

monthly_quartile_bins as (
    select
        quartile_bins.*,
        period_months.started_month,
        value_kinds.is_closed,
    from quartile_bins
    inner join period_months using (period_id)
    inner join value_kinds using (value_kind)
),

bin_values as (
    select
        bins.period_id,
        bins.technology,
        bins.category_id,
        bins.value_kind,
        bins.quartile,
        bins.rows_before,
        bins.all_rows,
        known_values.value_usd,
        count(*) as row_count,
    from monthly_quartile_bins as bins
    inner join known_values
        on
            bins.started_month = known_values.started_month
            and bins.technology = known_values.technology
            and bins.is_closed = known_values.is_closed
            and bins.bin = known_values.bin
            and (bins.category_id = 'all' or bins.category_id = known_values.category_id)
    group by
        bins.period_id,
        bins.technology,
        bins.category_id,
        bins.value_kind,
        bins.quartile,
        bins.rows_before,
        bins.all_rows,
        known_values.value_usd
),

ranked_values as (
    select
        *,
        rows_before + sum(row_count) over (
            partition by period_id, technology, category_id, value_kind, quartile
            order by value_usd
            rows between unbounded preceding and current row
        ) as rows_up_to,
    from bin_values
),

final as (
    select
        period_id,
        technology,
        category_id,
        value_kind,
        min(value_usd) filter (where quartile = 1) as lower_quartile_usd,
        min(value_usd) filter (where quartile = 2) as median_value_usd,
        min(value_usd) filter (where quartile = 3) as upper_quartile_usd,
    from ranked_values
    where 4 * rows_up_to >= quartile * all_rows
    group by
        period_id,
        technology,
        category_id,
        value_kind
)

select * from final
