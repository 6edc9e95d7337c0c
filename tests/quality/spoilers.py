"""For every declared expectation the SQL that breaks it in the good tables."""

RAW = {
    "raw_job_posts_arrived": "delete from raw.job_posts",
    "raw_job_posts_cover_every_month_of_the_run": "delete from raw.job_posts where month = '2025-11'",
    "raw_job_posts_lie_in_the_folder_of_their_month": (
        "update raw.job_posts set posted_at = '2025-09-30' where post_id = 'post-7000'"
    ),
    "raw_job_posts_can_be_traced_to_file_and_row": (
        "update raw.job_posts set source_row = null where post_id = 'post-7000'"
    ),
    "raw_job_posts_mostly_have_category": "update raw.job_posts set category = null where source_row % 3 > 0",
    "raw_job_posts_mostly_have_client_country": (
        "update raw.job_posts set client_country = null where source_row % 3 > 0"
    ),
    "raw_job_posts_mostly_have_skills": "update raw.job_posts set skills = null where source_row % 4 > 0",
    "raw_job_posts_mostly_have_description": ("update raw.job_posts set description = null where source_row % 4 > 0"),
    "raw_job_posts_titles_are_readable": (
        "update raw.job_posts set title = 'Caf' || chr(65533) where source_row % 50 = 0"
    ),
    "raw_job_posts_budgets_have_the_scale_of_dollars": "update raw.job_posts set budget_usd = 5000000",
    "raw_job_posts_hourly_ranges_are_ordered": (
        "update raw.job_posts set hourly_rate_low_usd = 90 where source_row % 50 = 0"
    ),
    "raw_pulse_answers_arrived": "delete from raw.pulse_answers",
    "raw_pulse_waves_have_enough_respondents": (
        "delete from raw.pulse_answers where month = '2025-11' and respondent_id <> 'r1'"
    ),
    "raw_pulse_weights_are_not_dominated_by_few": (
        "update raw.pulse_answers set weight = 500 where month = '2025-11' and respondent_id = 'r1'"
    ),
}

POSTS = "staging.stg_marketplace__job_posts"
CANDIDATES = "staging.stg_marketplace__candidates"
STAGING = {
    "staged_posts_arrived": f"delete from {POSTS}",
    "staged_contract_types_are_known": (f"update {POSTS} set contract_type = 'barter' where post_id = 'post-7000'"),
    "staged_projected_values_are_plausible": (
        f"update {POSTS} set projected_value_usd = 99000000 where post_id like '%00'"
    ),
    "staged_countries_are_recognised": f"update {POSTS} set country_code = null where post_id not like '%7'",
    "staged_occupations_are_recognised": (f"update {POSTS} set sub_category_id = null where post_id not like '%7'"),
    "staged_posts_have_text": f"update {POSTS} set text_length = 0 where post_id like '%7'",
    "staged_ai_candidates_are_a_minority": f"update {POSTS} set is_ai_candidate = true",
    "staged_cloud_candidates_are_a_minority": f"update {POSTS} set is_cloud_candidate = true",
    "staged_rpa_candidates_are_a_minority": f"update {POSTS} set is_rpa_candidate = true",
    "staged_ai_candidates_are_not_rare": f"update {POSTS} set is_ai_candidate = false",
    "staged_month_volume_is_usual": (
        f"delete from {POSTS} where posted_month = '2025-11-01' and post_id not like '%7'"
    ),
    "staged_category_mix_is_usual": (f"update {POSTS} set category_id = 'cat9' where posted_month = '2025-11-01'"),
    "candidates_arrived": f"delete from {CANDIDATES}",
    "candidates_name_known_technologies": (f"update {CANDIDATES} set technology = 'iot' where technology = 'rpa'"),
    "candidates_have_text_to_classify": f"update {CANDIDATES} set title = null where post_id = 'post-7000'",
    "staged_pulse_answers_arrived": "delete from staging.stg_survey__pulse_answers",
    "staged_pulse_waves_use_one_wording": (
        "update staging.stg_survey__pulse_answers set wording_version = 'v2' where respondent_id = 'r1'"
    ),
}

SCORES = "predictions.post_technologies"
PREDICTIONS = {
    "predictions_arrived": f"delete from {SCORES}",
    "predictions_name_their_model": f"update {SCORES} set model_version = null where post_id = 'post-7000'",
    "predictions_of_a_technology_come_from_one_model": (
        f"update {SCORES} set model_version = 'model-old' where month = '2025-10' and technology = 'ai'"
    ),
    "predictions_name_known_technologies": (f"update {SCORES} set technology = 'iot' where post_id = 'post-7000'"),
    "predictions_cover_the_candidates": (f"delete from {SCORES} where post_id = 'post-7000' and technology = 'ai'"),
    "predictions_have_a_probability": f"update {SCORES} set probability = null where post_id = 'post-7000'",
    "predicted_probabilities_lie_in_0_1": f"update {SCORES} set probability = 17 where post_id = 'post-7000'",
    "predicted_labels_follow_the_threshold": (
        f"update {SCORES} set is_positive = not is_positive where post_id = 'post-7000'"
    ),
    "predictions_tell_posts_apart": f"update {SCORES} set probability = 0.3",
    "predictions_accept_a_plausible_share": f"update {SCORES} set is_positive = true",
}

MARTS = {
    "period_shares_exist": "delete from marts.period_technology_category_shares",
    "composition_shares_lie_in_their_intervals": (
        "update marts.period_technology_category_shares set composition_share_low = 0.55"
    ),
    "penetration_shares_lie_in_their_intervals": (
        "update marts.period_technology_category_shares set penetration_share_high = 1.2"
    ),
    "contract_values_exist": "delete from marts.contract_values",
    "known_value_shares_lie_in_their_intervals": "update marts.contract_values set known_value_share = 0.51",
    "high_value_shares_lie_in_their_intervals": "update marts.contract_values set high_value_share = null",
    "value_quartiles_are_ordered": "update marts.contract_values set median_value_usd = null",
    "growth_rows_exist": "delete from marts.monthly_category_growth",
    "printed_growth_lies_in_its_interval": (
        "update marts.monthly_category_growth set growth_pct = -120 where not is_withheld"
    ),
    "withheld_growth_says_why_and_shows_no_number": ("update marts.monthly_category_growth set withheld_reason = null"),
    "growth_is_not_explosive": (
        "update marts.monthly_category_growth set growth_pct = 9000, growth_pct_high = 9999 where not is_withheld"
    ),
    "technology_posts_exist": "delete from marts.monthly_technology_posts",
    "technology_shares_lie_in_their_intervals": (
        "update marts.monthly_technology_posts set penetration_share_low = null"
    ),
    "classified_posts_are_candidates": "update marts.monthly_technology_posts set candidate_count = 59",
    "technology_share_is_usual": (
        "update marts.monthly_technology_posts set penetration_share = 0.2 where posted_month = '2025-11-01'"
    ),
    "ai_skills_exist": "delete from marts.monthly_ai_skills",
    "skill_shares_lie_in_their_intervals": "update marts.monthly_ai_skills set ai_share_high = 0.45",
    "skill_counts_of_ai_posts_are_part_of_all_posts": ("update marts.monthly_ai_skills set all_post_count = 29"),
    "skills_are_mostly_in_the_dictionary": "update marts.monthly_ai_skills set skill_kind = 'unmapped'",
    "pulse_shares_exist": "delete from marts.pulse_answer_shares",
    "pulse_shares_lie_in_their_intervals": "update marts.pulse_answer_shares set answer_count = 30",
    "source_rows_are_accounted_for": "delete from marts.monthly_source_rows",
    "source_row_counts_are_not_negative": "update marts.monthly_source_rows set rows_duplicate = -1",
    "duplicates_are_the_exception": "update marts.monthly_source_rows set rows_duplicate = 5000",
    "collected_months_are_listed": "delete from marts.monthly_collection",
    "collection_states_are_known": "update marts.monthly_collection set status = 'fine'",
    "months_are_collected_completely": (
        "update marts.monthly_collection set status = 'partial' where posted_month = '2025-08-01'"
    ),
    "months_name_the_models_that_judged_them": "update marts.monthly_collection set rpa_model_version = null",
    "months_are_judged_by_one_model": (
        "update marts.monthly_collection set ai_model_version = 'a0' where posted_month = '2025-08-01'"
    ),
}

REPORT = {
    "report_makes_claims": "delete from report.claims",
    "report_claims_name_exactly_one_mart_row": ("update report.claims set mart_row_count = 0, mart_value = null"),
    "report_claims_equal_their_mart_row": "update report.claims set mart_value = 0.06",
    "report_claims_lie_in_their_intervals": "update report.claims set low = 0.06",
    "report_has_both_pages": "delete from report.pages where page = 'hiring_report.md'",
    "report_pages_have_text": "update report.pages set text = 'Simulated.' where page = 'hiring_report.md'",
    "report_pages_say_simulated": (
        "update report.pages set text = replace(text, 'Simulated', 'Real') where page = 'hiring_report.md'"
    ),
}

SPOILERS = {"raw": RAW, "staging": STAGING, "predictions": PREDICTIONS, "marts": MARTS, "report": REPORT}
