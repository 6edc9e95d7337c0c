-- grain: one month from the first to the last of the search log and series of terms (`all_searches` = every term), also where the
-- series has none.
{{ config(materialized='table') }}

with

talent_searches as (
    select * from {{ ref('stg_marketplace__talent_searches') }}
),

search_terms as (
    select * from {{ ref('search_terms') }}
),

collection as (
    select * from {{ ref('int_monthly_input_collection') }}
    where table_name = 'talent_searches'
),

counted as (
    select
        talent_searches.search_month,
        search_terms.series_id,
        sum(talent_searches.search_count) as search_count,
    from talent_searches
    inner join search_terms on talent_searches.normalised_term = search_terms.term
    group by talent_searches.search_month, search_terms.series_id
    union all
    select
        search_month,
        'all_searches',
        sum(search_count),
    from talent_searches
    group by search_month
),

series as (
    select distinct series_id from search_terms
    union all
    select 'all_searches'
),

final as (
    select
        collection.input_month as search_month,
        series.series_id,
        cast(coalesce(counted.search_count, 0) as bigint) as search_count,
        collection.status,
        collection.status_reason,
    from collection
    cross join series
    left join counted
        on collection.input_month = counted.search_month and series.series_id = counted.series_id
)

select * from final
