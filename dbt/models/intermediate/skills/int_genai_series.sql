-- grain: one series of gen-AI work (group, purpose, or no group) and gen-AI group that belongs to it.
with

groups as (
    select * from {{ ref('genai_groups') }}
),

final as (
    select
        genai_group as series_id,
        'group' as series_kind,
        genai_group,
    from groups
    union all
    select
        purpose,
        'purpose',
        genai_group,
    from groups
    union all
    select
        'no group',
        'no group',
        'no group',
)

select * from final
