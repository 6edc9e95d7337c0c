-- grain: one period, technology, value filter and category in which an audited post changes a sum, or whose clients have such
-- a post in another category. Only clients with an error are read: for all others the corrected sums are the naive ones.
{{ config(materialized='table') }}

with

client_errors as (
    select * from {{ ref('int_period_share_errors') }}
),

client_totals as (
    select * from {{ ref('int_period_client_totals') }}
),

job_posts as (
    select * from {{ ref('stg_marketplace__job_posts') }}
),

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

error_clients as (
    select distinct
        period_id,
        technology,
        value_filter,
        client_number,
    from client_errors
),

error_places as (
    select distinct
        period_id,
        category_id,
        client_number,
    from client_errors
),

posts as (
    {{ posts_of_clients('error_places') }}
),

accepted as (
    select
        client_totals.period_id,
        client_totals.technology,
        client_totals.value_filter,
        client_totals.category_id,
        client_totals.client_number,
        client_totals.classified_count,
    from client_totals
    inner join error_clients using (period_id, technology, value_filter, client_number)
),

clients as (
    select
        period_id,
        technology,
        value_filter,
        category_id,
        client_number,
        coalesce(accepted.classified_count, 0) as classified_count,
        coalesce(client_errors.error_weight, 0) as error_weight,
        sum(coalesce(accepted.classified_count, 0)) over client as technology_count,
        sum(coalesce(client_errors.error_weight, 0)) over client as technology_error_weight,
        row_number() over (client order by category_id) as client_row,
    from accepted
    full join client_errors using (period_id, technology, value_filter, category_id, client_number)
    window client as (partition by period_id, technology, value_filter, client_number)
),

client_changes as (
    select
        clients.*,
        coalesce(
            {{ posts_of_value_filter('clients.value_filter') }}, 0
        ) as post_count,
    from clients
    left join posts using (period_id, category_id, client_number)
),

changes as (
    select
        period_id,
        technology,
        value_filter,
        category_id,
        sum((classified_count + error_weight) ** 2 - classified_count ** 2) as sum_yy,
        sum(
            (classified_count + error_weight) * (technology_count + technology_error_weight)
            - classified_count * technology_count
        ) as composition_sum_yn,
        sum(error_weight * post_count) as penetration_sum_yn,
        -- each client once: these two are of the technology, their sum over the categories counts
        sum((technology_count + technology_error_weight) ** 2 - technology_count ** 2)
        filter (where client_row = 1) as composition_sum_nn,
        count(*) filter (where client_row = 1 and technology_count = 0) as composition_cluster_count,
    from client_changes
    group by period_id, technology, value_filter, category_id
),

error_sums as (
    select
        period_id,
        technology,
        value_filter,
        category_id,
        {{ audit_error_totals() }}
    from client_errors
    group by period_id, technology, value_filter, category_id
),

final as (
    select
        changes.period_id,
        changes.technology,
        changes.value_filter,
        changes.category_id,
        {{ audit_error_columns('error_sums') }}
        changes.sum_yy,
        changes.composition_sum_yn,
        changes.penetration_sum_yn,
        sum(coalesce(changes.composition_sum_nn, 0)) over technology as composition_sum_nn,
        sum(changes.composition_cluster_count) over technology as composition_cluster_count,
    from changes
    left join error_sums using (period_id, technology, value_filter, category_id)
    window technology as (partition by changes.period_id, changes.technology, changes.value_filter)
)

select * from final
