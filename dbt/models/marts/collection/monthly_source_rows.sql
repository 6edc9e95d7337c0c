-- grain: one input table and month of the rows that were read; read = kept + duplicate + rejected.
with

loads as (
    select * from {{ load_rows(source('lake', 'loads')) }}
),

job_posts as (
    select
        'job_posts' as table_name,
        posted_month,
        count(*) as row_count,
    from {{ ref('stg_marketplace__job_posts') }}
    group by posted_month
),

pulse_answers as (
    select
        'pulse_answers' as table_name,
        wave_month as posted_month,
        count(*) as row_count,
    from {{ ref('stg_survey__pulse_answers') }}
    group by wave_month
),

audit_labels as (
    select
        'audit_labels' as table_name,
        posted_month,
        count(*) as row_count,
    from {{ ref('stg_marketplace__audit_labels') }}
    group by posted_month
),

contracts as (
    select
        'contracts' as table_name,
        started_month as posted_month,
        count(*) as row_count,
    from {{ ref('stg_marketplace__contracts') }}
    group by started_month
),

talent_searches as (
    select
        'talent_searches' as table_name,
        search_month as posted_month,
        count(*) as row_count,
    from {{ ref('stg_marketplace__talent_searches') }}
    group by search_month
),

quoted_constants as (
    select
        'quoted_constants' as table_name,
        as_of_month as posted_month,
        count(*) as row_count,
    from {{ ref('stg_marketplace__quoted_constants') }}
    group by as_of_month
),

study_respondents as (
    select
        'study_respondents' as table_name,
        wave_month as posted_month,
        count(*) as row_count,
    from {{ ref('stg_survey__study_respondents') }}
    group by wave_month
),

study_answers as (
    select
        'study_answers' as table_name,
        wave_month as posted_month,
        count(*) as row_count,
    from {{ ref('stg_survey__study_answers') }}
    group by wave_month
),

study_margins as (
    select
        'study_margins' as table_name,
        wave_month as posted_month,
        count(*) as row_count,
    from {{ ref('stg_survey__study_margins') }}
    group by wave_month
),

kept as (
    select * from job_posts
    union all
    select * from pulse_answers
    union all
    select * from audit_labels
    union all
    select * from contracts
    union all
    select * from talent_searches
    union all
    select * from quoted_constants
    union all
    select * from study_respondents
    union all
    select * from study_answers
    union all
    select * from study_margins
),

read_rows as (
    select
        table_name,
        cast(month || '-01' as date) as posted_month,
        cast(sum(accepted) as bigint) as accepted,
        cast(sum(rejected) as bigint) as rejected,
        cast(sum(withdrawn) as bigint) as withdrawn,
        cast(sum(to_keep) as bigint) as to_keep,
    from loads
    group by table_name, month
),

final as (
    select
        read_rows.table_name,
        read_rows.posted_month,
        read_rows.accepted + read_rows.rejected as rows_read,
        coalesce(kept.row_count, 0) as rows_kept,
        -- by what the lake's own books say that staging has to keep: a row that it lost is missing, and no duplicate
        read_rows.accepted - coalesce(read_rows.to_keep, kept.row_count, 0) as rows_duplicate,
        read_rows.rejected as rows_rejected,
        read_rows.withdrawn as rows_withdrawn,
    from read_rows
    left join kept using (table_name, posted_month)
)

select * from final
