-- grain: one month, level, series and population, also where the series has no post, with the state of the month's collection.
{{ config(materialized='table') }}

with

series_counts as (
    select * from {{ ref('int_monthly_series_counts') }}
),

collection as (
    select * from {{ ref('int_monthly_collection') }}
),

series as (
    select distinct
        level,
        series_id,
        population,
    from series_counts
),

final as (
    select
        collection.posted_month,
        series.level,
        series.series_id,
        series.population,
        coalesce(series_counts.post_count, 0) as post_count,
        coalesce(series_counts.client_count, 0) as client_count,
        coalesce(series_counts.sum_client_squares, 0) as sum_client_squares,
        collection.status,
        collection.status_reason,
    from collection
    cross join series
    left join series_counts
        on
            collection.posted_month = series_counts.posted_month
            and series.level = series_counts.level
            and series.series_id = series_counts.series_id
            and series.population = series_counts.population
)

select * from final
