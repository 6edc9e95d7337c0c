-- grain: one month, level, series and population, also where the series has no post, with the state of the month's collection.
{{ config(materialized='table') }}

with

series_counts as (
    select * from {{ ref('int_monthly_series_counts') }}
),

collection as (
    select * from {{ ref('int_monthly_collection') }}
),

left_out as (
    select * from {{ left_out_rows(source('lake', 'left_out')) }}
),

categories as (
    select * from {{ ref('categories') }}
),

named_series as (
    select * from {{ ref('int_series') }}
),

held_series as (
    select distinct
        cast(left_out.month || '-01' as date) as posted_month,
        named_series.level,
        named_series.series_id,
    from left_out
    inner join categories on left_out.category = categories.category
    inner join named_series on categories.category_id = named_series.category_id
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
        if(held_series.series_id is null, collection.status, 'held') as status,
        if(held_series.series_id is null, collection.status_reason, 'by hand') as status_reason,
    from collection
    cross join series
    left join held_series
        on
            collection.posted_month = held_series.posted_month
            and series.level = held_series.level
            and series.series_id = held_series.series_id
    left join series_counts
        on
            collection.posted_month = series_counts.posted_month
            and series.level = series_counts.level
            and series.series_id = series_counts.series_id
            and series.population = series_counts.population
)

select * from final
