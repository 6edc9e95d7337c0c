-- grain: one month. The series overlap (AI includes AI agents), so they are columns.
with

searches as (
    select
        search_month as month,
        series_id,
        search_count,
    from monthly_search_growth
    where status = 'complete'
),

final as (
    select
        month,
        max(search_count) filter (where series_id = 'ai_agents') as ai_agent_searches,
        max(search_count) filter (where series_id = 'ai') as ai_searches,
        max(search_count) filter (where series_id = 'all_searches') as searches,
    from searches
    group by month
)

select
    *,
    month = max(month) over () as is_latest_month,
from final
