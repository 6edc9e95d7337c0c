-- grain: one month and technology.
with

drift_counts as (
    select * from {{ ref('int_monthly_drift_counts') }}
),

estimates as (
    select * from {{ estimate_rows(source('estimates', 'classifier_drift')) }}
),

technologies as (
    select * from {{ ref('technologies') }}
),

final as (
    select
        drift_counts.posted_month,
        drift_counts.technology,
        technologies.label as technology_label,
        drift_counts.model_version,
        drift_counts.post_count,
        drift_counts.candidate_count,
        drift_counts.sampled_count,
        drift_counts.token_count,
        cast(estimates.unseen_token_rate as decimal(9, 6)) as unseen_token_rate,
        cast(estimates.unseen_token_rate_low as decimal(9, 6)) as unseen_token_rate_low,
        cast(estimates.unseen_token_rate_high as decimal(9, 6)) as unseen_token_rate_high,
        cast(estimates.reference_unseen_token_rate as decimal(9, 6)) as reference_unseen_token_rate,
        cast(estimates.held_out_unseen_token_rate as decimal(9, 6)) as held_out_unseen_token_rate,
        cast(estimates.doubtful_share as decimal(9, 6)) as doubtful_share,
        cast(estimates.reference_doubtful_share as decimal(9, 6)) as reference_doubtful_share,
        cast(estimates.score_shift as decimal(9, 6)) as score_shift,
        cast(estimates.score_shift_p as decimal(9, 6)) as score_shift_p,
        cast(estimates.possible_share_points as decimal(9, 6)) as possible_share_points,
        cast(estimates.possible_share_points_low as decimal(9, 6)) as possible_share_points_low,
        cast(estimates.possible_share_points_high as decimal(9, 6)) as possible_share_points_high,
        cast(estimates.limit_points as decimal(9, 6)) as limit_points,
        estimates.needs_labels,
        estimates.reason,
        estimates.method,
    from drift_counts
    inner join estimates using (posted_month, technology)
    inner join technologies using (technology)
)

select * from final
