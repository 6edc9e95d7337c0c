-- grain: one respondent of a wave of the worker study, eligible or not; of a respondent read twice the row read last wins.
{{ config(materialized='incremental', incremental_strategy='append', pre_hook=delete_planned_months('wave_month')) }}

with

study_respondents as (
    select * from {{ lake_rows(source('raw', 'study_respondents')) }}
),

countries as (
    select * from {{ ref('countries') }}
),

generations as (
    select * from {{ ref('generations') }}
),

eligibility as (
    select * from {{ ref('study_eligibility') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by wave_month, respondent_id
            order by source_file desc, source_row desc, load_id desc
        ) as row_rank,
    from study_respondents
    where {{ is_planned_month('wave_month') }}
),

respondents as (
    select
        ranked.*,
        coalesce(countries.country_code, ranked.country) as country_code,
        generations.generation,
    from ranked
    left join countries on lower(trim(ranked.country)) = lower(countries.country_alias)
    left join generations
        on year(ranked.wave_month) - ranked.age between generations.born_from and generations.born_to
    where ranked.row_rank = 1
),

facts as (
    select
        wave_month,
        respondent_id,
        'age' as field,
        cast(age as varchar) as given
    from respondents
    union all
    select
        wave_month,
        respondent_id,
        'education' as field,
        education as given
    from respondents
    union all
    select
        wave_month,
        respondent_id,
        'computer_at_work' as field,
        computer_at_work as given
    from respondents
    union all
    select
        wave_month,
        respondent_id,
        'country_code' as field,
        country_code as given
    from respondents
),

-- a rule whose field no respondent of the wave has cannot be checked and excludes nobody
given_facts as (
    select
        *,
        count(given) over (partition by wave_month, field) > 0 as is_provided,
    from facts
),

failures as (
    select
        given_facts.wave_month,
        given_facts.respondent_id,
        min_by(
            case when given_facts.given is null then given_facts.field || ' is not given' else eligibility.reason end,
            eligibility.rule_order
        ) as ineligible_reason,
    from given_facts
    inner join eligibility using (field)
    where
        given_facts.is_provided
        and coalesce(
            case
                when eligibility.allowed is not null
                    then list_contains(string_split(eligibility.allowed, '|'), given_facts.given)
                else try_cast(given_facts.given as double) between eligibility.lowest and eligibility.highest
            end,
            false
        ) = false
    group by given_facts.wave_month, given_facts.respondent_id
),

final as (
    select
        respondents.wave_month,
        respondents.respondent_id,
        respondents.fielded_on,
        respondents.respondent_group,
        respondents.country_code,
        respondents.age,
        respondents.generation,
        respondents.gender,
        respondents.education,
        respondents.computer_at_work,
        respondents.weight,
        failures.respondent_id is null as is_eligible,
        failures.ineligible_reason,
    from respondents
    left join failures using (wave_month, respondent_id)
)

select * from final
