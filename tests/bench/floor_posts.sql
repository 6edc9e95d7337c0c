-- The floor's first half: feed files to posts in their latest state; text stays only where a technology's terms hit.
create type category as enum (select distinct category_id from read_csv(getvariable('seeds') || '/categories.csv'));
create type sub_category as enum (select distinct sub_category_id from read_csv(getvariable('seeds') || '/occupations.csv'));

create view accepted as
select * from read_parquet(getvariable('job_posts'), filename = true, file_row_number = true)
where trim(coalesce(title, '')) != '' and coalesce(budget_usd, 0) >= 0;

-- Only posts that may have two states are grouped by their text id; the hash finds them in a column of numbers.
create temp table repeated as
select
    post_id,
    min(posted_at) as first_posted_at,
    max({seen: observed_at, file: filename, row: file_row_number}) as last_state,
from accepted
where hash(post_id) in (select hash(post_id) from accepted group by all having count(*) > 1)
group by post_id;

create temp table posts as
with

latest as (
    select
        accepted.*,
        coalesce(repeated.first_posted_at, accepted.posted_at)::timestamp as first_posted_at,
        concat_ws(' | ', title, array_to_string(skills, ' | '), description) as post_text,
    from accepted
    left join repeated using (post_id)
    where
        repeated.post_id is null
        or repeated.last_state = {seen: accepted.observed_at, file: accepted.filename, row: accepted.file_row_number}
),

named as (
    select
        latest.*,
        case
            when not regexp_matches(post_text, getvariable('ai_include')) then false
            else regexp_matches(regexp_replace(post_text, getvariable('ai_exclude'), ' ', 'g'), getvariable('ai_include'))
        end as is_ai,
        case
            when not regexp_matches(post_text, getvariable('cloud_include')) then false
            else regexp_matches(regexp_replace(post_text, getvariable('cloud_exclude'), ' ', 'g'), getvariable('cloud_include'))
        end as is_cloud,
        case
            when not regexp_matches(post_text, getvariable('rpa_include')) then false
            else regexp_matches(regexp_replace(post_text, getvariable('rpa_exclude'), ' ', 'g'), getvariable('rpa_include'))
        end as is_rpa,
    from latest
)

select
    date_trunc('month', named.first_posted_at)::date as posted_month,
    named.post_id,
    hash(coalesce(named.client_id, 'post ' || named.post_id)) as client,
    coalesce(countries.country_code = 'US', false) as is_us_client,
    categories.category_id::category as category_id,
    occupations.sub_category_id::sub_category as sub_category_id,
    case contract_type
        when 'fixed' then budget_usd
        when 'hourly' then
            (hourly_rate_low_usd + hourly_rate_high_usd) / 2
            * case weekly_hours_band when 'under_30' then 15 when '30_plus' then 35 end
            * case duration_band
                when 'under_1_month' then 2 when '1_to_3_months' then 9 when '3_to_6_months' then 20 when 'over_6_months' then 39
            end
    end::decimal(18, 2) as projected_value_usd,
    is_ai,
    is_cloud,
    is_rpa,
    case when is_ai or is_cloud or is_rpa then title end as title,
    case when is_ai or is_cloud or is_rpa then description end as description,
    case when is_ai or is_cloud or is_rpa then skills end as skills,
from named
left join (select distinct category, category_id from read_csv(getvariable('seeds') || '/categories.csv')) as categories
    using (category)
left join read_csv(getvariable('seeds') || '/occupations.csv') as occupations
    on named.occupation = occupations.occupation and categories.category_id = occupations.category_id
left join read_csv(getvariable('seeds') || '/countries.csv', header = true) as countries
    on named.client_country = countries.country_alias;
