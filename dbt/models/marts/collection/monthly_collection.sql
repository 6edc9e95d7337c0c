-- grain: one calendar month between the first and the last month with posts.
with

collection as (
    select * from {{ ref('int_monthly_collection') }}
),

language_counts as (
    select * from {{ ref('int_monthly_language_counts') }}
),

month_states as (
    select * from {{ ref('int_month_states') }}
),

final as (
    select
        collection.posted_month,
        collection.post_count,
        cast(collection.days_in_month as integer) as days_in_month,
        cast(collection.days_with_posts as integer) as days_with_posts,
        collection.reference_post_count,
        collection.status,
        collection.status_reason,
        coalesce(language_counts.other_language_post_count, 0) as other_language_post_count,
        language_counts.other_languages,
        month_states.input_hash,
        month_states.mapping_hash,
        month_states.rules_hash,
        month_states.ai_model_version,
        month_states.cloud_model_version,
        month_states.rpa_model_version,
    from collection
    left join language_counts using (posted_month)
    left join month_states using (posted_month)
)

select * from final
