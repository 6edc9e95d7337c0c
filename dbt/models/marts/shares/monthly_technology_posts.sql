-- grain: one month, technology and population (us, all).
with

technology_counts as (
    select * from {{ ref('int_monthly_technology_counts') }}
),

estimates as (
    select * from {{ estimate_rows(source('estimates', 'technology_penetration')) }}
),

technologies as (
    select * from {{ ref('technologies') }}
),

final as (
    select
        technology_counts.posted_month,
        technology_counts.technology,
        technologies.label as technology_label,
        technology_counts.population,
        technology_counts.candidate_count,
        technology_counts.classified_count,
        technology_counts.post_count,
        cast(estimates.penetration_share as decimal(9, 6)) as penetration_share,
        cast(estimates.penetration_share_low as decimal(9, 6)) as penetration_share_low,
        cast(estimates.penetration_share_high as decimal(9, 6)) as penetration_share_high,
        estimates.method,
        cast(estimates.corrected_penetration_share as decimal(9, 6)) as corrected_penetration_share,
        cast(estimates.corrected_penetration_share_low as decimal(9, 6)) as corrected_penetration_share_low,
        cast(estimates.corrected_penetration_share_high as decimal(9, 6)) as corrected_penetration_share_high,
        estimates.correction,
    from technology_counts
    inner join estimates using (posted_month, technology, population)
    inner join technologies using (technology)
)

select * from final
