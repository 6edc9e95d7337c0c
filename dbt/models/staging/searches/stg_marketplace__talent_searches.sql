-- grain: one month and search term as written, or where the feed gives ids one search; the count observed last.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('search_month')) }}

with

talent_searches as (
    select * from {{ lake_rows(source('raw', 'talent_searches')) }}
    where {{ is_planned_month('search_month') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by search_month, term, search_id
            order by observed_at desc nulls last, source_file desc, source_row desc, load_id desc
        ) as count_rank,
    from talent_searches
),

final as (
    select
        search_month,
        term,
        search_id,
        lower(trim(regexp_replace(term, '\s+', ' ', 'g'))) as normalised_term,
        search_count,
        observed_at,
    from ranked
    where count_rank = 1
)

select * from final
