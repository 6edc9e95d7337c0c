-- grain: one study period or calendar year, technology, category and client group; every category and group has a row,
-- unless the period holds no post with a category. Accepted posts, and what the audit found wrong among them and beside them.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_periods()) }}

with

classified_posts as (
    select * from {{ ref('int_classified_posts') }}
    where category_id is not null
),

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
    where category_id is not null
),

audit_samples as (
    select * from {{ ref('int_period_audit_samples') }}
),

period_months as (
    select * from {{ ref('int_planned_period_months') }}
),

category_counts as (
    select * from {{ ref('int_period_category_counts') }}
),

periods as (
    select * from {{ ref('int_periods') }}
    where
        period_kind in ('study', 'year')
        and period_id in (select period_months.period_id from period_months)
        and period_id in (select category_counts.period_id from category_counts)
),

categories as (
    select * from {{ ref('categories') }}
    where valid_to is null
),

technologies as (
    select technology from {{ ref('technologies') }}
),

client_groups as (
    select unnest(range({{ client_group_count() }})) as client_group
),

monthly_counts as (
    select
        posted_month,
        technology,
        category_id,
        {{ client_group('client_number') }} as client_group,
        count(*) as classified_count,
    from classified_posts
    group by all
),

counts as (
    select
        periods.period_id,
        monthly_counts.technology,
        monthly_counts.category_id,
        monthly_counts.client_group,
        sum(monthly_counts.classified_count) as classified_count,
    from monthly_counts
    inner join period_months using (posted_month)
    inner join periods using (period_id)
    group by periods.period_id, monthly_counts.technology, monthly_counts.category_id, monthly_counts.client_group
),

errors as (
    select
        period_months.period_id,
        audited_posts.technology,
        audited_posts.category_id,
        {{ client_group('audited_posts.client_number') }} as client_group,
        {{ audit_error_sums() }}
    from audited_posts
    inner join period_months using (posted_month)
    where audited_posts.correction_weight != 0
    group by period_months.period_id, audited_posts.technology, audited_posts.category_id, client_group
),

audited_counts as (
    select
        period_months.period_id,
        audited_posts.technology,
        audited_posts.category_id,
        count(*) as audited_count,
    from audited_posts
    inner join period_months using (posted_month)
    where {{ is_audited_as_technology() }}
    group by period_months.period_id, audited_posts.technology, audited_posts.category_id
),

final as (
    select
        periods.period_id,
        periods.period_kind,
        periods.period_start,
        technologies.technology,
        categories.category_id,
        categories.is_technical,
        client_groups.client_group,
        cast(coalesce(counts.classified_count, 0) as bigint) as classified_count,
        {{ audit_error_columns('errors') }}
        {{ audit_coverage_columns('audit_samples', 'audited_counts.audited_count') }}
    from periods
    cross join technologies
    cross join categories
    cross join client_groups
    left join counts
        on
            periods.period_id = counts.period_id
            and technologies.technology = counts.technology
            and categories.category_id = counts.category_id
            and client_groups.client_group = counts.client_group
    left join errors
        on
            periods.period_id = errors.period_id
            and technologies.technology = errors.technology
            and categories.category_id = errors.category_id
            and client_groups.client_group = errors.client_group
    left join audited_counts
        on
            periods.period_id = audited_counts.period_id
            and technologies.technology = audited_counts.technology
            and categories.category_id = audited_counts.category_id
    left join audit_samples
        on periods.period_id = audit_samples.period_id and technologies.technology = audit_samples.technology
)

select * from final
