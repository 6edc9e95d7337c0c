"""Small tables in the shape of docs/design.md that meet every expectation, as SQL for DuckDB.

Six months, 2025-06 to 2025-11, of 1,200 posts each; the run is responsible for the last two.
"""

RUN_MONTHS = ["2025-10", "2025-11"]
PROVIDED = {
    "job_posts": {
        "post_id",
        "posted_at",
        "title",
        "description",
        "skills",
        "category",
        "occupation",
        "contract_type",
        "budget_usd",
        "hourly_rate_low_usd",
        "hourly_rate_high_usd",
        "client_country",
    },
    "pulse_answers": {"respondent_id", "question_id", "answer", "weight"},
}

POSTS = """
create table posts as
select
    month_number * 1200 + n as number,
    'post-' || number as post_id,
    (date '2025-06-01' + to_months(month_number::integer))::date as posted_month,
    posted_month + to_days((n % 28)::integer) as posted_at,
    n % 10 = 0 as is_ai_candidate,
    n % 20 = 0 as is_cloud_candidate,
    n % 100 = 0 as is_rpa_candidate,
from range(6) months(month_number), range(1200) posts(n);
create table months as select distinct posted_month from posts;
"""

RAW = """
create schema raw;
create table raw.job_posts as
select
    post_id, posted_at, posted_at as observed_at, 'Build a website' as title, 'A shop.' as description,
    ['PHP'] as skills, 'Web, Mobile & Software Dev' as category, 'fixed' as contract_type,
    100::decimal(18, 2) as budget_usd, 20::decimal(18, 2) as hourly_rate_low_usd,
    40::decimal(18, 2) as hourly_rate_high_usd, 'United States' as client_country,
    'posts.csv' as source_file, number + 1 as source_row, 'abc' as load_id,
    strftime(posted_month, '%Y-%m') as month,
from posts;
create table raw.pulse_answers as
select
    'r' || n as respondent_id, posted_month as wave_month, 'q1' as question_id, 'v1' as wording_version,
    'Yes' as answer, 1::decimal(12, 6) as weight, strftime(posted_month, '%Y-%m') as month,
from months, range(40) respondents(n);
"""

STAGING = """
create schema staging;
create table staging.stg_marketplace__job_posts as
select
    post_id, posted_month, 'US' as country_code, 'cat' || number % 4 as category_id, 'sub' as
    sub_category_id,
    'fixed' as contract_type, 100::decimal(18, 2) as projected_value_usd, 40 as text_length,
    is_ai_candidate, is_cloud_candidate, is_rpa_candidate,
from posts;
create table staging.stg_marketplace__candidates as
select posted_month, technology, post_id, 'Build a chatbot' as title, 'A shop.' as description, ['PHP'] as
    skills
from posts, (values ('ai'), ('cloud'), ('rpa')) technologies(technology)
where case technology
    when 'ai' then is_ai_candidate when 'cloud' then is_cloud_candidate else is_rpa_candidate end;
create table staging.stg_survey__pulse_answers as
select wave_month, respondent_id, question_id, wording_version, answer, weight from raw.pulse_answers;
"""

PREDICTIONS = """
create schema predictions;
create table predictions.post_technologies as
select
    post_id, technology, (hash(post_id) % 100 / 100)::double as probability, 0.5::double as threshold,
    probability >= threshold as is_positive, 'model-' || technology as model_version,
    strftime(posted_month, '%Y-%m') as month,
from staging.stg_marketplace__candidates;
"""

MARTS = """
create schema marts;
create type share as decimal(9, 6);
create type growth as decimal(14, 4);
create table marts.period_technology_category_shares as
select
    strftime(posted_month, '%Y-%m') as period_id, 'ai' as technology, 'cat1' as category_id, 'all' as
    value_filter,
    30 as classified_count, 60 as technology_post_count, 300 as category_post_count,
    0.5::share as composition_share, 0.4::share as composition_share_low, 0.6::share as
    composition_share_high,
    0.1::share as penetration_share, 0.07::share as penetration_share_low, 0.13::share as
    penetration_share_high,
from months;
create table marts.contract_values as
select
    strftime(posted_month, '%Y-%m') as period_id, 'any' as technology, 'all' as category_id,
    1200 as post_count, 600 as known_value_count, 0.5::share as known_value_share, 0.4::share as
    known_value_share_low,
    0.6::share as known_value_share_high, 50 as lower_quartile_usd, 100 as median_value_usd, 200 as
    upper_quartile_usd,
    60 as high_value_count, 0.1::share as high_value_share, 0.05::share as high_value_share_low,
    0.2::share as high_value_share_high,
from months;
create table marts.monthly_category_growth as
select
    posted_month, 'all' as level, 'all' as series_id, 'all' as population, 'month' as comparison,
    posted_month = date '2025-06-01' as is_withheld,
    case when is_withheld then 'no earlier month' end as withheld_reason,
    case when not is_withheld then 5::growth end as growth_pct,
    case when not is_withheld then -1::growth end as growth_pct_low,
    case when not is_withheld then 11::growth end as growth_pct_high,
from months;
create table marts.monthly_technology_posts as
select
    posted_month, 'ai' as technology, 'all' as population, 120 as candidate_count, 60 as classified_count,
    1200 as post_count, 0.05::share as penetration_share, 0.04::share as penetration_share_low,
    0.07::share as penetration_share_high,
from months;
create table marts.monthly_ai_skills as
select
    posted_month, 'all' as population, 'Python' as skill, 'technical' as skill_kind, 30 as ai_post_count,
    60 as ai_total_count, 0.5::share as ai_share, 0.4::share as ai_share_low, 0.6::share as
    ai_share_high, 50 as all_post_count,
    1200 as all_total_count, 12::growth as lift, 1 as skill_rank,
from months;
create table marts.pulse_answer_shares as
select
    posted_month as wave_month, 'q1' as question_id, 'v1' as wording_version, 'Yes' as answer, 20 as
    answer_count,
    40 as respondent_count, 0.5::share as answer_share, 0.35::share as answer_share_low, 0.65::share as
    answer_share_high,
from months;
create table marts.monthly_source_rows as
select
    'job_posts' as table_name, posted_month, 1210 as rows_read, 1200 as rows_kept, 6 as rows_duplicate,
    4 as rows_rejected,
from months;
create table marts.monthly_collection as
select
    posted_month, 1200 as post_count, 'complete' as status, null::varchar as status_reason,
    'a1' as ai_model_version, 'c1' as cloud_model_version, 'r1' as rpa_model_version,
from months;
"""

REPORT = """
create schema report;
create table report.claims as
select
    'AI posts were 5 % of all posts.' as sentence, 'monthly_technology_posts' as mart, '{}' as key,
    'penetration_share' as metric, 0.05::double as value, 0.04::double as low, 0.07::double as high,
    1 as mart_row_count, 0.05::double as mart_value;
create table report.pages as
select page, 'Simulated marketplace. ' || repeat('Text. ', 200) as text, true as is_simulated
from (values ('hiring_report.html'), ('hiring_report.md')) pages(page);
"""

GOOD_TABLES = POSTS + RAW + STAGING + PREDICTIONS + MARTS + REPORT
