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
    "projected_values_exist": "delete from marts.period_projected_values",
    "known_value_shares_lie_in_their_intervals": "update marts.period_projected_values set known_value_share = 0.51",
    "high_value_shares_lie_in_their_intervals": "update marts.period_projected_values set high_value_share = null",
    "value_quartiles_are_ordered": "update marts.period_projected_values set median_value_usd = null",
    "growth_rows_exist": "delete from marts.monthly_category_growth",
    "printed_growth_lies_in_its_interval": (
        "update marts.monthly_category_growth set growth_pct = -120 where not is_withheld"
    ),
    "withheld_growth_says_why_and_shows_no_number": ("update marts.monthly_category_growth set withheld_reason = null"),
    "growth_is_not_explosive": (
        "update marts.monthly_category_growth set growth_pct = 9000, growth_pct_high = 9999 where not is_withheld"
    ),
    "adjusted_growth_rows_exist": "delete from marts.monthly_adjusted_growth",
    "adjusted_growth_lies_in_its_interval": "update marts.monthly_adjusted_growth set adjusted_growth_pct_high = 4",
    "verdicts_follow_their_tests": "update marts.monthly_adjusted_growth set q_value = 0.2",
    "a_family_counts_its_members": "update marts.monthly_adjusted_growth set family_count = 2",
    "months_have_a_plausible_number_of_standard_days": "update marts.monthly_adjusted_growth set standard_days = 12",
    "technology_posts_exist": "delete from marts.monthly_technology_posts",
    "technology_shares_lie_in_their_intervals": (
        "update marts.monthly_technology_posts set penetration_share_low = null"
    ),
    "classified_posts_are_candidates": "update marts.monthly_technology_posts set candidate_count = 59",
    "technology_share_is_usual": (
        "update marts.monthly_technology_posts set penetration_share = 0.2 where posted_month = '2025-11-01'"
    ),
    "classifier_drift_is_known": "delete from marts.monthly_classifier_drift",
    "classifier_drift_lies_in_its_range": "update marts.monthly_classifier_drift set possible_share_points = 10.1",
    "classifier_drift_without_reference_shows_no_number": (
        "update marts.monthly_classifier_drift set reference_doubtful_share = null where posted_month = '2025-06-01'"
    ),
    "classifier_drift_asks_for_no_labels": (
        "update marts.monthly_classifier_drift set needs_labels = true where posted_month = '2025-11-01'"
    ),
    "ai_skills_exist": "delete from marts.monthly_ai_skills",
    "skill_shares_lie_in_their_intervals": "update marts.monthly_ai_skills set ai_share_high = 0.45",
    "skill_counts_of_ai_posts_are_part_of_all_posts": ("update marts.monthly_ai_skills set all_post_count = 29"),
    "skills_are_mostly_in_the_dictionary": "update marts.monthly_ai_skills set skill_kind = 'unmapped'",
    "genai_groups_exist": "delete from marts.period_genai_groups",
    "a_purpose_is_named_at_least_as_often_as_each_of_its_groups": (
        "update marts.period_genai_groups set mention_post_count = 160 where series_id = 'application'"
    ),
    "genai_posts_divide_without_remainder_over_the_groups": (
        "update marts.period_genai_groups set fractional_post_count = 31 where series_kind = 'group'"
    ),
    "unmapped_skills_are_listed": "delete from marts.period_unmapped_skills",
    "no_unmapped_skill_is_common_among_genai_posts": "update marts.period_unmapped_skills set post_count = 41",
    "category_themes_exist": "delete from marts.category_ai_themes",
    "a_theme_is_named_more_often_in_ai_posts": "update marts.category_ai_themes set q_value = 0.2",
    "trailing_ai_skills_exist": "delete from marts.trailing_ai_skills",
    "trailing_shares_lie_in_their_intervals": "update marts.trailing_ai_skills set ai_share_high = 0.45",
    "a_trailing_skill_ranks_inside_its_rank_interval": "update marts.trailing_ai_skills set skill_rank_low = 2",
    "a_skill_ranks_inside_its_rank_interval": "update marts.monthly_ai_skills set skill_rank_low = 2",
    "a_lift_lies_in_its_interval": "update marts.monthly_ai_skills set lift = 11",
    "technology_concentration_exists": "delete from marts.period_technology_concentration",
    "concentration_agrees_with_the_top_shares": "update marts.period_technology_concentration set herfindahl = 0.7",
    "category_ranks_exist": "delete from marts.period_category_ranks",
    "a_larger_category_never_ranks_behind_a_smaller_one": (
        "update marts.period_category_ranks set category_rank = 4 where category_id = 'cat1'"
    ),
    "study_comparisons_exist": "delete from marts.study_period_comparisons",
    "a_change_is_the_difference_of_its_shares": "update marts.study_period_comparisons set current_share = 0.6",
    "a_change_in_words_excludes_no_change": "update marts.study_period_comparisons set difference_points_high = 1",
    "yearly_growth_exists": "delete from marts.yearly_technology_growth",
    "yearly_growth_is_that_of_its_counts": (
        "update marts.yearly_technology_growth set growth_pct = 90 where series_id = 'all'"
    ),
    "corrected_yearly_growth_is_that_of_its_counts": (
        "update marts.yearly_technology_growth set corrected_growth_pct = 90 where series_id = 'all'"
    ),
    "technical_and_other_categories_add_up_to_all": (
        "delete from marts.yearly_technology_growth where series_id = 'technical'"
    ),
    "pulse_shares_exist": "delete from marts.pulse_answer_shares",
    "pulse_shares_lie_in_their_intervals": "update marts.pulse_answer_shares set answer_share_low = 0.55",
    "pulse_shares_are_those_of_their_counts": "update marts.pulse_answer_shares set answer_count = 30",
    "source_rows_are_accounted_for": "delete from marts.monthly_source_rows",
    "source_row_counts_are_not_negative": "update marts.monthly_source_rows set rows_duplicate = -1",
    "duplicates_are_the_exception": "update marts.monthly_source_rows set rows_duplicate = 5000",
    "collected_months_are_listed": "delete from marts.monthly_collection",
    "collection_states_are_known": "update marts.monthly_collection set status = 'fine'",
    "months_are_collected_completely": (
        "update marts.monthly_collection set status = 'partial' where posted_month = '2025-08-01'"
    ),
    "posts_in_other_languages_are_posts_of_the_month": (
        "update marts.monthly_collection set other_language_post_count = post_count + 1"
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
    "report_sentences_pass_the_linter": (
        "insert into report.violations"
        " values ('AI surged by 5 %.', 'monthly_technology_posts', 'its verdict is not surged')"
    ),
    "report_release_tells_no_small_cell": (
        "insert into report.disclosure values ('posts|2025-11|us|ai|legal|all', 'printed')"
    ),
    "report_has_both_pages": "delete from report.pages where page = 'hiring_report.md'",
    "report_pages_have_text": "update report.pages set text = 'Simulated.' where page = 'hiring_report.md'",
    "report_pages_are_short_enough_to_be_read": "update report.pages set words = 901 where words is not null",
    "report_pages_say_simulated": (
        "update report.pages set text = replace(text, 'Simulated', 'Real') where page = 'hiring_report.md'"
    ),
}

CONTRACTS = "staging.stg_marketplace__contracts"
SEARCHES = "staging.stg_marketplace__talent_searches"
RAW |= {
    "raw_contracts_arrived": "delete from raw.contracts",
    "raw_contracts_lie_in_the_folder_of_their_month": (
        "update raw.contracts set started_on = '2025-09-30' where contract_id = 'c7000'"
    ),
    "raw_contract_payments_have_the_scale_of_dollars": "update raw.contracts set total_paid_usd = 5000000",
    "raw_talent_searches_arrived": "delete from raw.talent_searches",
    "raw_talent_searches_name_several_terms": "update raw.talent_searches set term = 'all'",
}
STAGING |= {
    "staged_contracts_arrived": f"delete from {CONTRACTS}",
    "staged_contract_states_are_known": f"update {CONTRACTS} set state = 'paused' where contract_id = 'c7000'",
    "staged_contracts_mostly_name_a_known_post": f"update {CONTRACTS} set post_id = 'x' where post_id not like '%7'",
    "staged_talent_searches_arrived": f"delete from {SEARCHES}",
    "staged_talent_searches_hit_the_series_terms": f"update {SEARCHES} set normalised_term = 'logo'",
}
MARTS |= {
    "period_contract_values_exist": "delete from marts.period_contract_values",
    "contract_value_bounds_enclose_the_headline": (
        "update marts.period_contract_values set high_value_share = 0.55 where value_kind = 'unknown_below'"
    ),
    "contract_value_quartiles_are_ordered": "update marts.period_contract_values set median_value_usd = null",
    **{
        id: spoil
        for name in ("contract_activity", "search_growth")
        for id, spoil in {
            f"{name}_rows_exist": f"delete from marts.monthly_{name}",
            f"printed_{name}_lies_in_its_interval": (
                f"update marts.monthly_{name} set growth_pct = -120 where not is_withheld"
            ),
            f"withheld_{name}_says_why_and_shows_no_number": f"update marts.monthly_{name} set withheld_reason = null",
        }.items()
    },
}

LABELS = "staging.stg_marketplace__audit_labels"
RAW |= {
    "raw_audit_labels_arrived": "delete from raw.audit_labels",
    "raw_audit_labels_have_one_probability_a_post": (
        "update raw.audit_labels set inclusion_probability = 0.5 where post_id = 'post-7000' and technology = 'ai'"
    ),
    "raw_audit_labels_are_not_all_alike": "insert into raw.audit_labels from raw.audit_labels"
    " union all by name from raw.audit_labels; update raw.audit_labels set is_positive = true",
}
STAGING |= {
    "audit_labels_arrived": f"delete from {LABELS}",
    "audit_labels_are_of_known_posts": f"update {LABELS} set is_known_post = false where post_id = 'post-7000'",
    "audited_months_follow_one_guide": f"update {LABELS} set is_latest_guide = false where post_id = 'post-7000'",
}
MARTS |= {
    "period_technology_category_shares_corrected_composition_share_lies_in_its_interval": (
        "update marts.period_technology_category_shares set corrected_composition_share_low = 0.6"
    ),
    "period_technology_category_shares_corrected_penetration_share_lies_in_its_interval": (
        "update marts.period_technology_category_shares set penetration_share_correction = 'not corrected: no sample'"
    ),
    "period_projected_values_corrected_high_value_share_lies_in_its_interval": (
        "update marts.period_projected_values set corrected_high_value_share = 0.2"
    ),
    "monthly_technology_posts_corrected_penetration_share_lies_in_its_interval": (
        "update marts.monthly_technology_posts set corrected_penetration_share_high = 1.1"
    ),
    "trailing_ai_skills_corrected_ai_share_lies_in_its_interval": (
        "update marts.trailing_ai_skills set corrected_ai_share_low = null"
    ),
    "monthly_ai_skills_corrected_ai_share_lies_in_its_interval": (
        "update marts.monthly_ai_skills set corrected_ai_share_low = null"
    ),
    "period_technology_concentration_corrected_herfindahl_lies_in_its_interval": (
        "update marts.period_technology_concentration set corrected_herfindahl_high = 0.35"
    ),
    "period_technology_concentration_corrected_top_share_lies_in_its_interval": (
        "update marts.period_technology_concentration set correction = 'not corrected: no audit sample'"
    ),
    "period_category_ranks_corrected_composition_share_lies_in_its_interval": (
        "update marts.period_category_ranks set corrected_composition_share_low = null"
    ),
    "period_contract_values_corrected_high_value_share_lies_in_its_interval": (
        "update marts.period_contract_values set corrected_high_value_share_high = 0.3"
    ),
    "a_larger_corrected_share_never_ranks_behind_a_smaller_one": (
        "update marts.period_category_ranks set corrected_category_rank = 4 where category_id = 'cat1'"
    ),
    "a_corrected_change_is_the_difference_of_its_shares": (
        "update marts.study_period_comparisons set corrected_base_share = 0.5"
    ),
    "a_corrected_change_in_words_excludes_no_change": (
        "update marts.study_period_comparisons set corrected_difference_points_high = 1"
    ),
    "audit_of_every_period_is_listed": "delete from marts.classifier_audit",
    "audit_without_coverage_gives_no_rates": "update marts.classifier_audit set sensitivity = 0.9",
    "audit_labels_take_part": "update marts.classifier_audit set unknown_label_count = 100",
}

STAGING |= {
    "staged_study_respondents_arrived": "delete from staging.stg_survey__study_respondents",
    "staged_study_answers_arrived": "delete from staging.stg_survey__study_answers",
    "staged_study_respondents_are_mostly_eligible": (
        "update staging.stg_survey__study_respondents set is_eligible = false where respondent_id like '%7'"
        " or respondent_id like 'w1%'"
    ),
    "staged_study_answers_can_be_counted": (
        "update staging.stg_survey__study_answers set issue = 'answer is not offered' where respondent_id like '%7'"
    ),
    "staged_study_margins_arrived": "delete from staging.stg_survey__study_margins",
    "staged_study_margins_sum_to_one": "delete from staging.stg_survey__study_margins where level = 'male'",
    "staged_study_waves_use_one_wording": (
        "update staging.stg_survey__study_answers set wording_version = 'v2' where respondent_id = 'w1'"
    ),
}
MARTS |= {
    "study_sample_exists": "delete from marts.study_sample",
    "study_shares_exist": "delete from marts.study_answer_shares",
    "study_numbers_exist": "delete from marts.study_numeric_answers",
    "group_comparisons_exist": "delete from marts.study_group_comparisons",
    "study_changes_exist": "delete from marts.study_wave_changes",
    "study_changes_compare_one_wording": "update marts.study_wave_changes set base_wording_version = 'v0'",
    "pulse_ranks_exist": "delete from marts.pulse_answer_ranks",
    "pulse_changes_exist": "delete from marts.pulse_wave_changes",
    "pulse_indexes_exist": "delete from marts.pulse_diffusion_indexes",
    "pulse_indexes_lie_between_0_and_100": "update marts.pulse_diffusion_indexes set diffusion_index_low = 60",
    "study_eligibility_checks_exist": "delete from marts.study_eligibility_checks",
    "study_exclusions_are_of_checked_rules": "update marts.study_eligibility_checks set status = 'not provided'",
    "quoted_constants_exist": "delete from marts.quoted_constants",
    "quoted_constants_can_be_traced_and_dated": "update marts.quoted_constants set source = ''",
    "study_quotas_are_met": "update marts.study_sample set quota = 60, is_quota_met = false",
    "study_effective_numbers_do_not_exceed_respondents": (
        "update marts.study_sample set effective_respondent_count = 60"
    ),
    "study_shares_lie_in_their_intervals": "update marts.study_answer_shares set answer_share_low = 0.55",
    "study_top_groups_hold_at_least_a_quarter": "update marts.study_numeric_answers set estimate = 0.2",
    "study_comparisons_follow_from_their_shares": "update marts.study_group_comparisons set risk_ratio = 3",
    "study_comparisons_are_adjusted_for_their_number": (
        "update marts.study_group_comparisons set adjusted_p_value = 0.2"
    ),
    "pulse_ranks_lie_in_their_intervals": "update marts.pulse_answer_ranks set answer_rank_high = 0",
    "pulse_answer_ranks_have_the_shares_of_pulse_answer_shares": (
        "update marts.pulse_answer_ranks set answer_share = 0.51"
    ),
    "pulse_wave_changes_have_the_shares_of_pulse_answer_shares": (
        "update marts.pulse_wave_changes set answer_share = 0.51, base_share = 0.495"
    ),
    "pulse_changes_are_differences_of_the_shares": "update marts.pulse_wave_changes set change_points = 2.5",
    "pulse_changes_compare_one_wording": "update marts.pulse_wave_changes set base_wording_version = 'v0'",
}

MUTATIONS = {"raw": RAW, "staging": STAGING, "predictions": PREDICTIONS, "marts": MARTS, "report": REPORT}
