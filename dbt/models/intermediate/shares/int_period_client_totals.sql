-- grain: one period, technology, value filter, category and client with accepted posts, beside all posts of the client in the
-- category and all its accepted posts of the technology: the products that the variances need.
{{ config(materialized='table') }}

with

client_counts as (
    select * from {{ ref('int_period_client_counts') }}
),

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
),

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

clients as (
    select distinct
        period_id,
        category_id,
        client_number,
    from client_counts
),

posts as (
    {{ posts_of_clients('clients') }}
),

final as (
    select
        client_counts.period_id,
        client_counts.technology,
        client_counts.value_filter,
        client_counts.category_id,
        client_counts.client_number,
        client_counts.classified_count,
        {{ posts_of_value_filter('client_counts.value_filter') }} as post_count,
        sum(client_counts.classified_count) over (
            partition by
                client_counts.period_id, client_counts.technology, client_counts.value_filter, client_counts.client_number
        ) as client_technology_count,
    from client_counts
    inner join posts
        on
            client_counts.period_id = posts.period_id
            and client_counts.category_id = posts.category_id
            and client_counts.client_number = posts.client_number
)

select * from final
