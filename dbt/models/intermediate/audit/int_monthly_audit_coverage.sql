-- grain: one month with posts; whether its audit sample can correct the classifier's errors.
-- The weights of a sample with known inclusion probabilities add up to the month's posts but for chance: four standard
-- deviations of Poisson sampling, sqrt(sum of (1 - pi) / pi^2), are allowed, and 1 % of the posts: those that the feed
-- brought when the sample had been drawn.
{{ config(materialized='table') }}

with

collection as (
    select * from {{ ref('int_monthly_collection') }}
    where post_count > 0
),

audit_labels as (
    select * from {{ ref('stg_marketplace__audit_labels') }}
),

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
),

labels as (
    select
        posted_month,
        count(*) as label_count,
        count(*) filter (where not is_known_post) as unknown_label_count,
        count(*) filter (where is_unsure) as unsure_label_count,
    from audit_labels
    group by posted_month
),

posts as (
    select
        posted_month,
        post_id,
        max(weight) as weight,
        bool_or(is_any_candidate) as is_any_candidate,
        count(*) as technology_count,
    from audited_posts
    group by posted_month, post_id
),

samples as (
    select
        posted_month,
        count(*) as audited_count,
        count(*) filter (where is_any_candidate) as audited_candidate_count,
        sum(weight) as weight_sum,
        sqrt(sum(weight * (weight - 1))) as weight_sum_deviation,
        min(technology_count) as fewest_technologies,
    from posts
    group by posted_month
),

final as (
    select
        collection.posted_month,
        collection.post_count,
        coalesce(samples.audited_count, 0) as audited_count,
        coalesce(samples.audited_candidate_count, 0) as audited_candidate_count,
        coalesce(samples.audited_count - samples.audited_candidate_count, 0) as audited_other_count,
        coalesce(samples.weight_sum, 0) as weight_sum,
        coalesce(labels.label_count, 0) as label_count,
        coalesce(labels.unknown_label_count, 0) as unknown_label_count,
        coalesce(labels.unsure_label_count, 0) as unsure_label_count,
        case
            when samples.audited_count is null then 'no audit sample'
            when samples.fewest_technologies < (select count(*) from {{ ref('technologies') }})
                then 'an audited post is not labelled for every technology'
            when samples.audited_candidate_count = 0 then 'no audited candidate'
            when samples.audited_candidate_count = samples.audited_count then 'no audited post outside the candidates'
            when
                abs(samples.weight_sum - collection.post_count)
                > greatest(4 * samples.weight_sum_deviation, 0.01 * collection.post_count)
                then
                    'the audit sample stands for ' || cast(round(samples.weight_sum) as bigint)
                    || ' posts where there are ' || collection.post_count
        end as not_corrected_reason,
    from collection
    left join samples using (posted_month)
    left join labels using (posted_month)
)

select * from final
