-- grain: one wave of the worker study and rule of eligibility, and one row a wave for all rules together.
with

respondents as (
    select * from {{ ref('stg_survey__study_respondents') }}
),

eligibility as (
    select * from {{ ref('study_eligibility') }}
),

waves as (
    select
        wave_month,
        count(*) as respondent_count,
        count(*) filter (where not is_eligible) as excluded_count,
        count(age) > 0 as has_age,
        count(education) > 0 as has_education,
        count(computer_at_work) > 0 as has_computer_at_work,
        count(country_code) > 0 as has_country_code,
    from respondents
    group by wave_month
),

excluded as (
    select
        respondents.wave_month,
        eligibility.rule_id,
        count(*) as excluded_count,
    from respondents
    inner join eligibility
        on respondents.ineligible_reason in (eligibility.reason, eligibility.field || ' is not given')
    group by respondents.wave_month, eligibility.rule_id
),

by_rule as (
    select
        waves.wave_month,
        eligibility.rule_id,
        eligibility.rule_label,
        waves.respondent_count,
        coalesce(excluded.excluded_count, 0) as excluded_count,
        case
            when
                (eligibility.field = 'age' and waves.has_age)
                or (eligibility.field = 'education' and waves.has_education)
                or (eligibility.field = 'computer_at_work' and waves.has_computer_at_work)
                or (eligibility.field = 'country_code' and waves.has_country_code)
                then 'checked'
            else 'not provided'
        end as status,
    from waves
    cross join eligibility
    left join excluded using (wave_month, rule_id)
),

final as (
    select * from by_rule
    union all
    select
        wave_month,
        'all' as rule_id,
        'every rule' as rule_label,
        respondent_count,
        excluded_count,
        'checked' as status,
    from waves
)

select * from final
