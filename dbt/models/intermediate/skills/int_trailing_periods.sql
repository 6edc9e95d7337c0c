-- grain: one period of three months in a row that all have posts, and month of it; no such period has a gap.
with

collection as (
    select * from {{ ref('int_monthly_collection') }}
    where post_count > 0
),

final as (
    select
        strftime(first_months.posted_month, '%Y-%m') || '_' || strftime(last_months.posted_month, '%Y-%m') as period_id,
        case
            when year(first_months.posted_month) = year(last_months.posted_month)
                then strftime(first_months.posted_month, '%B')
            else strftime(first_months.posted_month, '%B %Y')
        end || ' to ' || strftime(last_months.posted_month, '%B %Y') as period_label,
        first_months.posted_month as period_start,
        last_day(last_months.posted_month) as period_end,
        months.posted_month,
    from collection as last_months
    inner join collection as first_months on first_months.posted_month = last_months.posted_month - interval 2 month
    inner join collection as months on months.posted_month between first_months.posted_month and last_months.posted_month
    qualify count(*) over (partition by last_months.posted_month) = 3
)

select * from final
