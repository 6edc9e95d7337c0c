"""Small tables in the shape of docs/tables.md that meet every expectation, as SQL for DuckDB.

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
    "study_respondents": {"respondent_id", "respondent_group"},
    "study_answers": {"respondent_id", "question_id", "answer"},
    "study_margins": {"variable", "level", "population_share"},
    "audit_labels": {"post_id", "technology", "is_positive", "inclusion_probability"},
    "contracts": {"contract_id", "post_id", "started_on", "state", "total_paid_usd"},
    "talent_searches": {"search_month", "term", "search_count"},
    "quoted_constants": {"constant_id", "value"},
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
create table marts.period_projected_values as
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
create table marts.monthly_adjusted_growth as
select
    posted_month, 'total' as level, 'all_posts' as series_id, 'all' as population,
    posted_month = date '2025-06-01' as is_withheld, 29.5::decimal(9, 4) as standard_days,
    case when not is_withheld then 4::growth end as raw_growth_pct,
    case when not is_withheld then 5::growth end as adjusted_growth_pct,
    case when not is_withheld then 1::growth end as adjusted_growth_pct_low,
    case when not is_withheld then 9::growth end as adjusted_growth_pct_high,
    not is_withheld as is_in_family,
    case when not is_withheld then 0.04::share end as q_value,
    case when not is_withheld then 'rose' end as verdict,
    case when not is_withheld then 1 end as family_count, case when not is_withheld then 0 end as family_unmoved_count,
from months;
create table marts.monthly_technology_posts as
select
    posted_month, 'ai' as technology, 'all' as population, 120 as candidate_count, 60 as classified_count,
    1200 as post_count, 0.05::share as penetration_share, 0.04::share as penetration_share_low,
    0.07::share as penetration_share_high,
from months;
create table marts.monthly_classifier_drift as
select
    posted_month, 'ai' as technology, 1200 as post_count, 120 as candidate_count, 0.1::share as unseen_token_rate,
    0.1::share as doubtful_share, 0.1::share as reference_doubtful_share, 0.01::share as score_shift,
    0.2::share as possible_share_points, 0.5::share as limit_points, false as needs_labels,
    'within the limit' as reason,
from months;
create table marts.monthly_ai_skills as
select
    posted_month, 'all' as population, 'Python' as skill, 'technical' as skill_kind, 30 as ai_post_count,
    60 as ai_total_count, 0.5::share as ai_share, 0.4::share as ai_share_low, 0.6::share as
    ai_share_high, 50 as all_post_count,
    1200 as all_total_count, 12::growth as lift, 8::growth as lift_low, 16::growth as lift_high, 1 as skill_rank,
    1 as skill_rank_low, 2 as skill_rank_high,
from months;
create table marts.trailing_ai_skills as
select
    '2025-09_2025-11' as period_id, 'all' as population, 'Python' as skill, 30 as ai_post_count, 60 as ai_total_count,
    0.5::share as ai_share, 0.4::share as ai_share_low, 0.6::share as ai_share_high, 1 as skill_rank,
    1 as skill_rank_low, 2 as skill_rank_high;
create table marts.period_genai_groups (
    period_id varchar, series_id varchar, series_kind varchar, purpose varchar, genai_post_count bigint,
    mention_post_count bigint, fractional_post_count double
);
insert into marts.period_genai_groups values
    ('2025', 'development and deployment', 'group', 'model building', 200, 40, 30),
    ('2025', 'conversational AI', 'group', 'application', 200, 170, 160),
    ('2025', 'no group', 'no group', null, 200, 10, 10),
    ('2025', 'model building', 'purpose', 'model building', 200, 40, 30),
    ('2025', 'application', 'purpose', 'application', 200, 170, 160);
create table marts.period_unmapped_skills as
select '2025' as period_id, 'jupyter' as skill, 30 as post_count, 200 as genai_post_count;
create table marts.category_ai_themes as
select
    '2025' as period_id, 'writing' as category_id, 'ChatGPT' as skill, 0.2::share as ai_share,
    0.02::share as other_share, 10::growth as lift, 5::growth as lift_low, 20::growth as lift_high,
    0.001::share as q_value, 'theme' as verdict;
create table marts.period_technology_concentration as
select
    '2025' as period_id, 'ai' as technology, 0.42::share as herfindahl, 2.6::share as effective_categories,
    0.5::share as top_share, 0.9::share as top_two_share, null::varchar as withheld_reason;
create table marts.period_category_ranks as
select
    '2025' as period_id, 'ai' as technology, 'cat' || place as category_id, 60 - 10 * place as classified_count,
    place as category_rank, null::varchar as withheld_reason,
from range(1, 4) places(place);
create table marts.study_period_comparisons as
select
    'ai' as technology, '2020_2021' as base_period_id, '2022_2023' as current_period_id, 'cat1' as series_id,
    'category' as series_kind, 0.5::share as base_share, 0.4::share as current_share,
    -10::growth as difference_points, -14::growth as difference_points_low, -6::growth as difference_points_high,
    'fell' as verdict, null::varchar as withheld_reason;
create table marts.yearly_technology_growth as
select
    '2025' as period_id, 'ai' as technology, series_id, post_count, 50 * part as base_post_count,
    100::growth as growth_pct, 60::growth as growth_pct_low, 150::growth as growth_pct_high,
    post_count as corrected_post_count, 50 * part as corrected_base_post_count, 100::growth as corrected_growth_pct,
from (values ('all', 200, 2), ('technical', 100, 1), ('non_technical', 100, 1)) series(series_id, post_count, part);
create table marts.pulse_answer_shares as
select
    posted_month as wave_month, 'q1' as question_id, 'v1' as wording_version, 'Yes' as answer, 20 as
    answer_count,
    40 as respondent_count, 0.5::share as answer_share, 0.35::share as answer_share_low, 0.65::share as
    answer_share_high, 'unweighted' as weighting,
from months;
create table marts.quoted_constants as
select
    'workers' as constant_id, date '2025-06-30' as as_of_date, 64.0 as value, 'million' as unit, 'A census' as source;
create table marts.monthly_source_rows as
select
    'job_posts' as table_name, posted_month, 1210 as rows_read, 1200 as rows_kept, 6 as rows_duplicate,
    4 as rows_rejected, 0 as rows_withdrawn,
from months;
create table marts.monthly_collection as
select
    posted_month, 1200 as post_count, 'complete' as status, null::varchar as status_reason,
    30 as other_language_post_count, 'es 20, de 10' as other_languages,
    'a1' as ai_model_version, 'c1' as cloud_model_version, 'r1' as rpa_model_version,
from months;
"""

SURVEYS = """
create table staging.stg_survey__study_respondents as
select
    date '2025-11-01' as wave_month, 'w' || n as respondent_id, true as is_eligible,
from range(40) respondents(n);
create table staging.stg_survey__study_margins as
select posted_month as wave_month, 'c_suite' as respondent_group, 'gender' as variable, level, 0.5 as population_share,
from months, (values ('female'), ('male')) levels(level);
create table staging.stg_survey__study_answers as
select
    wave_month, respondent_id, 'q1' as question_id, 'v1' as wording_version, 'Yes' as answer, null::varchar as issue,
from staging.stg_survey__study_respondents;
create table marts.study_eligibility_checks as
select
    date '2025-11-01' as wave_month, 'adult' as rule_id, 40 as respondent_count, 2 as excluded_count,
    'checked' as status;
create table marts.study_sample as
select
    date '2025-11-01' as wave_month, 'group' as dimension, 'full_time' as level, 40 as respondent_count,
    38::decimal(12, 1) as effective_respondent_count, 30 as quota, true as is_quota_met;
create table marts.study_answer_shares as
select
    date '2025-11-01' as wave_month, 'q1' as question_id, 20 as answer_count, 40 as respondent_count,
    0.5::share as answer_share, 0.35::share as answer_share_low, 0.65::share as answer_share_high;
create table marts.study_numeric_answers as
select date '2025-11-01' as wave_month, 'top_group_share' as statistic, 0.35 as estimate;
create table marts.study_group_comparisons as
select
    date '2025-11-01' as wave_month, 0.5::share as answer_share, 0.25::share as reference_share,
    25.0 as difference_points, 2.0 as risk_ratio, 0.001 as p_value, 0.002 as adjusted_p_value, 'higher' as verdict;
create table marts.study_wave_changes as
select
    date '2025-11-01' as wave_month, 'v1' as wording_version, 'v1' as base_wording_version, 0.5::share as answer_share,
    0.4::share as base_share, 10.0 as change_points, 'compared' as status;
create table marts.pulse_answer_ranks as
select
    posted_month as wave_month, 'q1' as question_id, 'v1' as wording_version, 'Yes' as answer,
    0.5::share as answer_share, 1 as answer_rank, 1 as answer_rank_low, 2 as answer_rank_high,
from months;
create table marts.pulse_diffusion_indexes as
select
    posted_month as wave_month, 'q1' as question_id, 55.0 as diffusion_index, 48.0 as diffusion_index_low,
    62.0 as diffusion_index_high,
from months;
create table marts.pulse_wave_changes as
select
    posted_month as wave_month, 'q1' as question_id, 'v1' as wording_version, 'Yes' as answer,
    'v1' as base_wording_version, 0.5::share as answer_share, 0.485::share as base_share, 1.5 as change_points,
    'compared' as status,
from months;
"""

REPORT = """
create schema report;
create table report.claims as
select
    'AI posts were 5 % of all posts.' as sentence, 'monthly_technology_posts' as mart, '{}' as key,
    'penetration_share' as metric, 0.05::double as value, 0.04::double as low, 0.07::double as high,
    1 as mart_row_count, 0.05::double as mart_value;
create table report.violations (sentence varchar, row varchar, rule varchar);
create table report.disclosure (key varchar, problem varchar);
create table report.pages as
select page, 'Simulated marketplace. ' || repeat('Text. ', 200) as text, true as is_simulated, words
from (values ('hiring_report.html', 202), ('hiring_report.md', null)) pages(page, words);
"""

HIRES_AND_SEARCHES = """
create table raw.contracts as
select 'c' || number as contract_id, post_id, posted_month + 3 as started_on, 'closed' as state,
    100::decimal(18, 2) as total_paid_usd, 'contracts.csv' as source_file, strftime(posted_month, '%Y-%m') as month,
from posts;
create table raw.talent_searches as
select posted_month as search_month, term, 50 as search_count, strftime(posted_month, '%Y-%m') as month,
from months, (values ('ai agent'), ('logo')) terms(term);
create table staging.stg_marketplace__contracts as
select contract_id, post_id, state, (month || '-01')::date as started_month from raw.contracts;
create table staging.stg_marketplace__talent_searches as
select search_month, term, term as normalised_term, search_count from raw.talent_searches;
create schema if not exists seeds;
create table seeds.search_terms as select 'ai_agents' as series_id, 'ai agent' as term;
create table marts.period_contract_values as
select
    strftime(posted_month, '%Y-%m') as period_id, 'ai' as technology, 'all' as category_id, value_kind,
    80 as known_value_count, share::share as high_value_share,
    50 as lower_quartile_usd, 100 as median_value_usd, 200 as upper_quartile_usd,
from months, (values ('closed', 0.5), ('closed_and_open', 0.5), ('unknown_below', 0.4), ('unknown_above', 0.6))
    kinds(value_kind, share);
create table marts.monthly_contract_activity as select * from marts.monthly_category_growth;
create table marts.monthly_search_growth as select * from marts.monthly_category_growth;
"""

AUDIT = """
create table raw.audit_labels as
select
    post_id, posted_month, technology, number % 40 = 0 as is_positive, 0.05::double as inclusion_probability,
    'labels.csv' as source_file, number + 1 as source_row, 'abc' as load_id, strftime(posted_month, '%Y-%m') as month,
from posts, (values ('ai'), ('cloud'), ('rpa')) technologies(technology)
where number % 20 = 0;
create table staging.stg_marketplace__audit_labels as
select posted_month, technology, post_id, true as is_known_post, 'v1' as guide_version, true as is_latest_guide,
from raw.audit_labels;
alter table marts.period_projected_values add column corrected_high_value_share share;
alter table marts.period_projected_values add column corrected_high_value_share_low share;
alter table marts.period_projected_values add column corrected_high_value_share_high share;
alter table marts.period_projected_values add column correction varchar default 'not corrected: not applicable';
create or replace table marts.period_technology_category_shares as
select *, 0.5::share as corrected_composition_share, 0.3::share as corrected_composition_share_low,
    0.7::share as corrected_composition_share_high, 0.1::share as corrected_penetration_share,
    0.05::share as corrected_penetration_share_low, 0.2::share as corrected_penetration_share_high,
    'corrected by audit sample of 60 posts' as correction,
    'corrected by audit sample of 60 posts' as penetration_share_correction,
from marts.period_technology_category_shares;
create or replace table marts.monthly_technology_posts as
select *, 0.06::share as corrected_penetration_share, 0.03::share as corrected_penetration_share_low,
    0.12::share as corrected_penetration_share_high, 'corrected by audit sample of 60 posts' as correction,
from marts.monthly_technology_posts;
create or replace table marts.monthly_ai_skills as
select *, 0.5::share as corrected_ai_share, 0.3::share as corrected_ai_share_low,
    0.7::share as corrected_ai_share_high, 'corrected by audit sample of 60 posts' as correction,
from marts.monthly_ai_skills;
create or replace table marts.trailing_ai_skills as
select *, 0.5::share as corrected_ai_share, 0.3::share as corrected_ai_share_low,
    0.7::share as corrected_ai_share_high, 'corrected by audit sample of 60 posts' as correction,
from marts.trailing_ai_skills;
create or replace table marts.period_technology_concentration as
select *, 0.4::share as corrected_herfindahl, 0.3::share as corrected_herfindahl_low,
    0.6::share as corrected_herfindahl_high, 0.5::share as corrected_top_share, 0.4::share as corrected_top_share_low,
    0.6::share as corrected_top_share_high, 'corrected by audit sample of 60 posts' as correction,
from marts.period_technology_concentration;
create or replace table marts.period_category_ranks as
select *, (0.6 - 0.1 * category_rank)::share as corrected_composition_share,
    0.1::share as corrected_composition_share_low, 0.7::share as corrected_composition_share_high,
    category_rank as corrected_category_rank, 'corrected by audit sample of 60 posts' as correction,
from marts.period_category_ranks;
create or replace table marts.period_contract_values as
select *, 0.5::share as corrected_high_value_share, 0.4::share as corrected_high_value_share_low,
    0.6::share as corrected_high_value_share_high, 'corrected by audit sample of 60 contracts' as correction,
from marts.period_contract_values;
create or replace table marts.study_period_comparisons as
select *, 0.6::share as corrected_base_share, 0.4::share as corrected_current_share,
    -20::growth as corrected_difference_points, -30::growth as corrected_difference_points_low,
    -5::growth as corrected_difference_points_high, 'fell' as corrected_verdict,
    'corrected by audit sample of 60 and 70 posts' as correction,
from marts.study_period_comparisons;
create table marts.classifier_audit as
select
    strftime(posted_month, '%Y-%m') as period_id, 'ai' as technology, 60 as audited_count, 0 as unknown_label_count,
    posted_month >= date '2025-08-01' as is_covered,
    case when is_covered then 0.9::share end as sensitivity,
    case when is_covered then 0.05::share end as rogan_gladen_share,
    case when not is_covered then 'no audit sample' end as not_corrected_reason,
from months;
"""

GOOD_TABLES = POSTS + RAW + STAGING + PREDICTIONS + MARTS + SURVEYS + REPORT + HIRES_AND_SEARCHES + AUDIT
