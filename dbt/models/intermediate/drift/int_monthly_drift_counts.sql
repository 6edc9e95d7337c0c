-- grain: one month and technology; what its candidates look like to the model that scored them.
-- depends_on: {{ source('predictions', 'post_technologies') }}
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('posted_month')) }}

with

summaries as (
    select * from {{ drift_rows() }}
),

technology_counts as (
    select * from {{ ref('int_monthly_technology_counts') }}
    where population = 'all' and {{ is_planned_month('posted_month') }}
),

final as (
    select
        technology_counts.posted_month,
        technology_counts.technology,
        summaries.model_version,
        technology_counts.post_count,
        technology_counts.candidate_count,
        technology_counts.classified_count,
        summaries.score_counts,
        summaries.sampled_count,
        summaries.near_threshold_count,
        summaries.unfamiliar_count,
        summaries.doubtful_count,
        summaries.token_count,
        summaries.unseen_token_count,
        summaries.unseen_cluster_count,
        summaries.unseen_sum_yy,
        summaries.unseen_sum_yn,
        summaries.unseen_sum_nn,
        summaries.held_out_token_count,
        summaries.held_out_unseen_token_count,
    from technology_counts
    inner join summaries
        on
            technology_counts.posted_month = cast(summaries.month || '-01' as date)
            and technology_counts.technology = summaries.technology
)

select * from final
