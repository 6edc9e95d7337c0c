-- grain: one period of the contracts' start, technology (`non_ai` = known post that is not AI), category (`all`) and value kind
-- with a contract of an audited post.
with

contracts as (
    select * from {{ ref('int_contracts') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

-- every audited post is labelled for each technology: those that are of it inform the number, and for `non_ai` those that are not
audited_posts as (
    select
        post_id,
        technology,
    from {{ ref('int_audited_posts') }}
    where {{ is_audited_as_technology() }}
    union all
    select
        post_id,
        'non_ai',
    from {{ ref('int_audited_posts') }}
    where technology = 'ai' and outcome != 'accepted_true'
),

audited_contracts as (
    {% for kind, is_valued, _ in contract_value_kinds() %}
    select
        periods.period_id,
        audited_posts.technology,
        unnest(['all', contracts.category_id]) as category_id,
        '{{ kind }}' as value_kind,
    from contracts
    inner join audited_posts using (post_id)
    inner join periods on contracts.started_month between periods.period_start and periods.period_end
    where {{ is_valued }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        period_id,
        technology,
        category_id,
        value_kind,
        count(*) as audited_count,
    from audited_contracts
    group by period_id, technology, category_id, value_kind
)

select * from final
