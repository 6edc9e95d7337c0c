-- grain: one study period or calendar year, technology and category.
with

estimates as (
    select * from {{ estimate_rows(source('estimates', 'category_ranks')) }}
),

category_shares as (
    select * from {{ ref('period_technology_category_shares') }}
    where value_filter = 'all'
),

replicate_counts as (
    select * from {{ ref('int_period_replicate_counts') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

categories as (
    select * from {{ ref('categories') }}
    where valid_to is null
),

technologies as (
    select * from {{ ref('technologies') }}
),

counts as (
    select
        period_id,
        technology,
        category_id,
        sum(classified_count) as classified_count,
    from replicate_counts
    group by period_id, technology, category_id
),

final as (
    select
        estimates.period_id,
        periods.period_kind,
        periods.period_label,
        periods.period_start,
        periods.period_end,
        periods.is_complete_period,
        estimates.technology,
        technologies.label as technology_label,
        estimates.category_id,
        categories.category,
        categories.is_technical,
        cast(counts.classified_count as bigint) as classified_count,
        cast(sum(counts.classified_count) over (partition by estimates.period_id, estimates.technology) as bigint)
            as technology_post_count,
        -- a category without any post in the period has no row of shares
        category_shares.composition_share,
        category_shares.composition_share_low,
        category_shares.composition_share_high,
        coalesce(category_shares.composition_share_low > 0.01, false) as is_above_one_percent,
        cast(estimates.category_rank as integer) as category_rank,
        cast(estimates.category_rank_low as integer) as category_rank_low,
        cast(estimates.category_rank_high as integer) as category_rank_high,
        cast(estimates.withheld_reason as varchar) as withheld_reason,
        estimates.method,
        {%- for end in ['', '_low', '_high'] %}
        case
            when estimates.corrected_category_rank is not null then category_shares.corrected_composition_share{{ end }}
        end as corrected_composition_share{{ end }},
        {%- endfor %}
        case
            when estimates.corrected_category_rank is not null
                then coalesce(category_shares.corrected_composition_share_low > 0.01, false)
        end as corrected_is_above_one_percent,
        {%- for end in ['', '_low', '_high'] %}
        cast(estimates.corrected_category_rank{{ end }} as integer) as corrected_category_rank{{ end }},
        {%- endfor %}
        estimates.correction,
    from estimates
    inner join counts using (period_id, technology, category_id)
    inner join periods using (period_id)
    inner join categories using (category_id)
    inner join technologies using (technology)
    left join category_shares
        on
            estimates.period_id = category_shares.period_id
            and estimates.technology = category_shares.technology
            and estimates.category_id = category_shares.category_id
)

select * from final
