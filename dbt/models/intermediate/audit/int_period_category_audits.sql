-- grain: one period, technology and category with an audited post that the classifier accepted; what the reader said of these.
{{ config(materialized='table') }}

with

periods as (
    select * from {{ ref('int_periods') }}
),

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
    where category_id is not null and outcome like 'accepted%'
),

client_sums as (
    select
        periods.period_id,
        audited_posts.technology,
        audited_posts.category_id,
        audited_posts.client_number,
        audited_posts.outcome = 'accepted_true' as is_true,
        count(*) as audited_count,
        sum(audited_posts.weight) as weight,
    from periods
    inner join audited_posts on audited_posts.posted_month between periods.period_start and periods.period_end
    group by all
),

-- posts of one client are one cluster: the squares are those of its summed weights
final as (
    select
        period_id,
        technology,
        category_id,
        cast(sum(audited_count) as bigint) as accepted_audited_count,
        coalesce(sum(weight) filter (where is_true), 0) as accepted_true_weight,
        coalesce(sum(weight * weight) filter (where is_true), 0) as accepted_true_squares,
        coalesce(sum(weight) filter (where not is_true), 0) as accepted_false_weight,
        coalesce(sum(weight * weight) filter (where not is_true), 0) as accepted_false_squares,
    from client_sums
    group by period_id, technology, category_id
)

select * from final
