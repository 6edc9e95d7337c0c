-- grain: one calendar year or study period that begins in 2024 or later and series of the gen-AI posts of data science.
with

counts as (
    select * from {{ ref('int_period_genai_group_counts') }}
),

estimates as (
    select * from {{ estimate_rows(source('estimates', 'genai_group_shares')) }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

groups as (
    select * from {{ ref('genai_groups') }}
),

categories as (
    select * from {{ ref('categories') }}
    where category_id = 'data_science_analytics' and valid_to is null
),

final as (
    select
        counts.period_id,
        periods.period_kind,
        periods.period_label,
        periods.period_start,
        periods.period_end,
        periods.is_complete_period,
        categories.category,
        counts.series_id,
        case counts.series_id
            when 'model building' then 'development and deployment or models and architectures'
            when 'application' then 'application of AI'
            when 'no group' then 'no gen-AI skill of a group'
            else counts.series_id
        end as series,
        counts.series_kind,
        coalesce(groups.purpose, case when counts.series_kind = 'purpose' then counts.series_id end) as purpose,
        cast(counts.genai_post_count as bigint) as genai_post_count,
        cast(counts.mention_post_count as bigint) as mention_post_count,
        cast(estimates.mention_share as decimal(9, 6)) as mention_share,
        cast(estimates.mention_share_low as decimal(9, 6)) as mention_share_low,
        cast(estimates.mention_share_high as decimal(9, 6)) as mention_share_high,
        cast(counts.fractional_post_count as decimal(14, 4)) as fractional_post_count,
        cast(estimates.fractional_share as decimal(9, 6)) as fractional_share,
        cast(estimates.fractional_share_low as decimal(9, 6)) as fractional_share_low,
        cast(estimates.fractional_share_high as decimal(9, 6)) as fractional_share_high,
        cast(counts.unmapped_post_count as bigint) as unmapped_post_count,
        estimates.method,
        {%- for measure in ['mention', 'fractional'] %}{% for end in ['', '_low', '_high'] %}
        cast(estimates.corrected_{{ measure }}_share{{ end }} as decimal(9, 6)) as corrected_{{ measure }}_share{{ end }},
        {%- endfor %}{% endfor %}
        estimates.correction,
    from counts
    inner join estimates using (period_id, series_id)
    inner join periods using (period_id)
    cross join categories
    left join groups on counts.series_id = groups.genai_group
)

select * from final
