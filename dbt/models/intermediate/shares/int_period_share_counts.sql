-- grain: one period, technology, category and value filter; every category has a row, also with zero accepted posts.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        pre_hook=delete_planned_periods(),
        on_schema_change='append_new_columns'
    )
}}

with

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

category_counts as (
    select * from {{ ref('int_period_category_counts') }}
    where period_id in (select period_months.period_id from period_months)
),

client_totals as (
    select * from {{ ref('int_period_client_totals') }}
),

corrections as (
    select * from {{ ref('int_period_share_corrections') }}
),

technology_corrections as (
    select distinct
        period_id,
        technology,
        value_filter,
        composition_sum_nn,
        composition_cluster_count,
    from corrections
),

audit_samples as (
    select * from {{ ref('int_period_audit_samples') }}
),

audited_by_category as (
    select * from {{ ref('int_period_share_audits') }}
),

audited_by_technology as (
    select
        period_id,
        technology,
        value_filter,
        sum(audited_technology_count) as audited_count,
    from audited_by_category
    group by period_id, technology, value_filter
),

technologies as (
    select technology from {{ ref('technologies') }}
),

by_category as (
    select
        period_id,
        technology,
        value_filter,
        category_id,
        sum(classified_count) as classified_count,
        sum(classified_count * classified_count) as sum_yy,
        sum(classified_count * client_technology_count) as composition_sum_yn,
        sum(classified_count * post_count) as penetration_sum_yn,
        count(*) as classified_client_count,
        count(*) filter (where classified_count = client_technology_count) as only_here_client_count,
        count(*) filter (where classified_count = post_count) as only_classified_client_count,
    from client_totals
    group by period_id, technology, value_filter, category_id
),

technology_clients as (
    select
        period_id,
        technology,
        value_filter,
        client_number,
        any_value(client_technology_count) as client_technology_count,
    from client_totals
    group by period_id, technology, value_filter, client_number
),

by_technology as (
    select
        period_id,
        technology,
        value_filter,
        sum(client_technology_count) as technology_post_count,
        count(*) as cluster_count,
        sum(client_technology_count * client_technology_count) as sum_nn,
    from technology_clients
    group by period_id, technology, value_filter
),

grid as (
    select
        category_counts.*,
        technologies.technology,
    from category_counts
    cross join technologies
),

final as (
    select
        grid.period_id,
        grid.technology,
        grid.category_id,
        grid.value_filter,
        cast(coalesce(by_category.classified_count, 0) as bigint) as classified_count,
        cast(coalesce(by_technology.technology_post_count, 0) as bigint) as technology_post_count,
        grid.category_post_count,
        coalesce(by_category.classified_client_count, 0) as classified_client_count,
        coalesce(by_technology.cluster_count, 0)
        - coalesce(by_category.only_here_client_count, 0) as composition_complement_client_count,
        grid.cluster_count
        - coalesce(by_category.only_classified_client_count, 0) as penetration_complement_client_count,
        cast(coalesce(by_technology.cluster_count, 0) as bigint) as composition_cluster_count,
        cast(coalesce(by_category.sum_yy, 0) as bigint) as composition_sum_yy,
        cast(coalesce(by_category.composition_sum_yn, 0) as bigint) as composition_sum_yn,
        cast(coalesce(by_technology.sum_nn, 0) as bigint) as composition_sum_nn,
        grid.cluster_count as penetration_cluster_count,
        cast(coalesce(by_category.sum_yy, 0) as bigint) as penetration_sum_yy,
        cast(coalesce(by_category.penetration_sum_yn, 0) as bigint) as penetration_sum_yn,
        grid.sum_nn as penetration_sum_nn,
        {{ audit_error_columns('corrections') }}
        {{ audit_coverage_columns('audit_samples', 'audited_by_technology.audited_count') }}
        cast(coalesce(audited_by_category.audited_count, 0) as bigint) as category_audited_count,
        coalesce(by_category.classified_count, 0) + {{ audit_net('corrections') }} as corrected_count,
        coalesce(by_technology.cluster_count, 0)
        + coalesce(technology_corrections.composition_cluster_count, 0) as composition_corrected_cluster_count,
        coalesce(by_category.sum_yy, 0) + coalesce(corrections.sum_yy, 0) as composition_corrected_sum_yy,
        coalesce(by_category.composition_sum_yn, 0)
        + coalesce(corrections.composition_sum_yn, 0) as composition_corrected_sum_yn,
        coalesce(by_technology.sum_nn, 0)
        + coalesce(technology_corrections.composition_sum_nn, 0) as composition_corrected_sum_nn,
        grid.cluster_count as penetration_corrected_cluster_count,
        coalesce(by_category.sum_yy, 0) + coalesce(corrections.sum_yy, 0) as penetration_corrected_sum_yy,
        coalesce(by_category.penetration_sum_yn, 0)
        + coalesce(corrections.penetration_sum_yn, 0) as penetration_corrected_sum_yn,
        grid.sum_nn as penetration_corrected_sum_nn,
    from grid
    left join audit_samples using (period_id, technology)
    left join audited_by_technology using (period_id, technology, value_filter)
    left join audited_by_category using (period_id, technology, value_filter, category_id)
    left join corrections using (period_id, technology, value_filter, category_id)
    left join technology_corrections using (period_id, technology, value_filter)
    left join by_category using (period_id, technology, value_filter, category_id)
    left join by_technology using (period_id, technology, value_filter)
)

select * from final
