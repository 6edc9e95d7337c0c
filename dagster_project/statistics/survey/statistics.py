"""The statistics of the pulse survey and of the worker study, as entries of the registry."""

from dagster_project.statistics.core.statistic import Statistic
from dagster_project.statistics.survey import answers, comparisons, pulse, sample_table, study_changes
from dagster_project.statistics.survey.wave import QUESTION_COLUMNS, RESPONDENT_COLUMNS

RESPONDENT_KEYS = ["wave_month", "respondent_id"]
ANSWER_KEYS = [*RESPONDENT_KEYS, "question_id", "wording_version"]
ANSWER_INPUTS = [*RESPONDENT_COLUMNS, *QUESTION_COLUMNS]
REPLICATES_BY = "svy.Sample.weighting.create_bs_wgts, rake"

SURVEY_STATISTICS = [
    Statistic(
        id="pulse_ranks",
        definition="Weighted share of the respondents of a wave who gave an answer, its rank among the answers of the "
        "question, and the ranks that the data allow, for all answers at once.",
        unit="fraction of 1; rank",
        method=pulse.METHOD_RANKS,
        counts_table="int_pulse_responses",
        keys=pulse.KEYS,
        inputs=pulse.INPUTS,
        function=pulse.pulse_ranks,
        mart="pulse_answer_ranks",
        library="statsmodels.stats.proportion.proportion_confint, statsmodels.stats.multitest.multipletests",
        grain=["wave_month", "question_id", "wording_version", "answer"],
    ),
    Statistic(
        id="pulse_diffusion",
        definition="100 times the share that expects more plus 50 times the share that expects the same, of those who "
        "gave a direction: 50 where as many point up as down.",
        unit="index from 0 to 100",
        method=pulse.METHOD_DIFFUSION,
        counts_table="int_pulse_responses",
        keys=pulse.KEYS,
        inputs=pulse.INPUTS,
        function=pulse.pulse_diffusion,
        mart="pulse_diffusion_indexes",
        library="scipy.stats.t",
        grain=["wave_month", "question_id", "wording_version"],
    ),
    Statistic(
        id="pulse_changes",
        definition="Weighted share of an answer less its share in the wave before, only where both waves asked in the "
        "same wording.",
        unit="percentage points",
        method=pulse.METHOD_CHANGES,
        counts_table="int_pulse_responses",
        keys=pulse.KEYS,
        inputs=pulse.INPUTS,
        function=pulse.pulse_changes,
        mart="pulse_wave_changes",
        library="scipy.stats.t",
        grain=["wave_month", "question_id", "wording_version", "answer"],
    ),
    Statistic(
        id="study_sample",
        definition="Eligible respondents of the worker study by group, country, generation and gender, one and two at "
        "a time, with their part of the sample and of the weights.",
        unit="respondents; fraction of 1",
        method=sample_table.METHOD,
        counts_table="int_study_respondents",
        keys=RESPONDENT_KEYS,
        inputs=list(RESPONDENT_COLUMNS),
        function=sample_table.study_sample,
        mart="study_sample",
        library="svy.Sample.weighting.rake",
        grain=sample_table.KEYS,
    ),
    Statistic(
        id="study_answer_shares",
        definition="Weighted share of a population of the worker study that gave an answer, or at least that answer of "
        "an ordered scale, among those of it who answered the question.",
        unit="fraction of 1",
        method=answers.METHOD_SHARES,
        counts_table="int_study_answers",
        keys=ANSWER_KEYS,
        inputs=ANSWER_INPUTS,
        function=answers.study_shares,
        mart="study_answer_shares",
        library=REPLICATES_BY,
        grain=answers.SHARE_KEYS,
    ),
    Statistic(
        id="study_numeric_answers",
        definition="Weighted mean, mean winsorised at the lowest and highest 1 %, median and upper quartile of a "
        "numeric answer; top group: the part of the respondents at or above the weighted upper quartile.",
        unit="unit of the answer; fraction of 1",
        method=f"{answers.METHOD_MEAN}; {answers.METHOD_QUANTILE}",
        counts_table="int_study_answers",
        keys=ANSWER_KEYS,
        inputs=ANSWER_INPUTS,
        function=answers.study_numbers,
        mart="study_numeric_answers",
        library=REPLICATES_BY,
        grain=answers.NUMBER_KEYS,
    ),
    Statistic(
        id="study_group_comparisons",
        definition="Share of one population of the worker study beside that of another: difference in percentage "
        "points and ratio of the shares (a risk ratio, not an odds ratio).",
        unit="percentage points; ratio",
        method=comparisons.METHOD,
        counts_table="int_study_answers",
        keys=ANSWER_KEYS,
        inputs=ANSWER_INPUTS,
        function=comparisons.study_comparisons,
        mart="study_group_comparisons",
        library=f"{REPLICATES_BY}; statsmodels.stats.multitest.multipletests",
        grain=comparisons.KEYS,
    ),
    Statistic(
        id="study_changes",
        definition="Share of a finding in a population of the worker study less its share in the wave before that "
        "asked the question, only where both asked in the same wording.",
        unit="percentage points",
        method=study_changes.METHOD,
        counts_table="int_study_answers",
        keys=ANSWER_KEYS,
        inputs=ANSWER_INPUTS,
        function=study_changes.study_changes,
        mart="study_wave_changes",
        library=f"{REPLICATES_BY}; scipy.stats.t",
        grain=study_changes.KEYS,
    ),
]
