-- grain: one period and technology; what the audit sample holds, and why it cannot correct where it cannot.
{{ config(materialized='table') }}

with

periods as (
    select * from {{ ref('int_periods') }}
),

monthly_coverage as (
    select * from {{ ref('int_monthly_audit_coverage') }}
),

technologies as (
    select technology from {{ ref('technologies') }}
),

audited_posts as (
    select * from {{ ref('int_audited_posts') }}
),

months as (
    select
        periods.period_id,
        sum(monthly_coverage.audited_count) as audited_count,
        sum(monthly_coverage.unknown_label_count) as unknown_label_count,
        sum(monthly_coverage.unsure_label_count) as unsure_label_count,
        count(*) as month_count,
        count(monthly_coverage.not_corrected_reason) as uncovered_count,
        min_by(monthly_coverage.posted_month, monthly_coverage.posted_month)
        filter (where monthly_coverage.not_corrected_reason is not null) as uncovered_month,
        min_by(monthly_coverage.not_corrected_reason, monthly_coverage.posted_month)
        filter (where monthly_coverage.not_corrected_reason is not null) as uncovered_reason,
    from periods
    inner join monthly_coverage on monthly_coverage.posted_month between periods.period_start and periods.period_end
    group by periods.period_id
),

client_cells as (
    select
        periods.period_id,
        audited_posts.technology,
        audited_posts.client_number,
        audited_posts.outcome,
        count(*) as audited_count,
        sum(audited_posts.weight) as weight,
    from periods
    inner join audited_posts on audited_posts.posted_month between periods.period_start and periods.period_end
    group by periods.period_id, audited_posts.technology, audited_posts.client_number, audited_posts.outcome
),

-- posts of one client are one cluster: the squares are those of its summed weights
cells as (
    select
        period_id,
        technology,
        {%- for verdict in ['accepted', 'refused', 'other'] %}{% for truth in ['true', 'false'] %}
        {%- set cell = verdict ~ '_' ~ truth %}
        coalesce(sum(audited_count) filter (where outcome = '{{ cell }}'), 0) as {{ cell }}_count,
        coalesce(sum(weight) filter (where outcome = '{{ cell }}'), 0) as {{ cell }}_weight,
        coalesce(sum(weight * weight) filter (where outcome = '{{ cell }}'), 0) as {{ cell }}_squares,
        {%- endfor %}{% endfor %}
        max(weight) as largest_weight,
        sqrt(avg(weight * weight) filter (where outcome not like 'other%')) as unfound_candidate_weight,
        sqrt(avg(weight * weight) filter (where outcome like 'other%')) as unfound_other_weight,
    from client_cells
    group by period_id, technology
),

final as (
    select
        months.period_id,
        technologies.technology,
        cast(coalesce(months.audited_count, 0) as bigint) as audited_count,
        cast(coalesce(months.unknown_label_count, 0) as bigint) as unknown_label_count,
        cast(coalesce(months.unsure_label_count, 0) as bigint) as unsure_label_count,
        {%- for verdict in ['accepted', 'refused', 'other'] %}{% for truth in ['true', 'false'] %}
        {%- set cell = verdict ~ '_' ~ truth %}
        cast(coalesce(cells.{{ cell }}_count, 0) as bigint) as {{ cell }}_count,
        coalesce(cells.{{ cell }}_weight, 0) as {{ cell }}_weight,
        coalesce(cells.{{ cell }}_squares, 0) as {{ cell }}_squares,
        {%- endfor %}{% endfor %}
        -- without an audited post of the kind the largest weight of any stands in
        coalesce(cells.unfound_candidate_weight, cells.largest_weight, 0) as unfound_candidate_weight,
        coalesce(cells.unfound_other_weight, cells.largest_weight, 0) as unfound_other_weight,
        case
            when months.audited_count = 0 then 'no audit sample'
            when months.uncovered_count > 0 and months.month_count = 1 then months.uncovered_reason
            when months.uncovered_count > 0
                then
                    months.uncovered_count || ' of ' || months.month_count || ' months are not covered, the first is '
                    || strftime(months.uncovered_month, '%Y-%m') || ': ' || months.uncovered_reason
        end as not_corrected_reason,
    from months
    cross join technologies
    left join cells on months.period_id = cells.period_id and technologies.technology = cells.technology
)

select * from final
