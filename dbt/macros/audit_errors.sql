{#- Sums of the weights and of the squared weights of each class of errors, as columns of an aggregation. -#}
{% macro audit_error_sums(prefix='', condition='true') %}
    {%- for name, outcome in audit_error_classes() %}
        coalesce(sum(weight) filter (where outcome = '{{ outcome }}' and {{ condition }}), 0) as {{ prefix }}{{ name }}_weight,
        coalesce(
            sum(weight * weight) filter (where outcome = '{{ outcome }}' and {{ condition }}), 0
        ) as {{ prefix }}{{ name }}_squares,
    {%- endfor %}
{% endmacro %}

{#- The same columns summed over rows that have them already. -#}
{% macro audit_error_totals() %}
    {%- for name, _ in audit_error_classes() %}
        sum({{ name }}_weight) as {{ name }}_weight,
        sum({{ name }}_squares) as {{ name }}_squares,
    {%- endfor %}
{% endmacro %}

{#- The same columns read from a joined relation that may lack the row. -#}
{% macro audit_error_columns(relation, prefix='') %}
    {%- for name, _ in audit_error_classes() %}
        coalesce({{ relation }}.{{ prefix }}{{ name }}_weight, 0) as {{ prefix }}{{ name }}_weight,
        coalesce({{ relation }}.{{ prefix }}{{ name }}_squares, 0) as {{ prefix }}{{ name }}_squares,
    {%- endfor %}
{% endmacro %}

{#- What the errors of a joined relation add to a count of accepted posts. -#}
{% macro audit_net(relation, prefix='') -%}
    coalesce(
        {{ relation }}.{{ prefix }}missed_candidate_weight
        + {{ relation }}.{{ prefix }}missed_other_weight
        - {{ relation }}.{{ prefix }}false_accept_weight, 0
    )
{%- endmacro %}

{#- Whether an audited post is of the technology, as the classifier or the reader says: these inform a share of its posts. -#}
{% macro is_audited_as_technology() -%} (outcome like 'accepted%' or outcome like '%true') {%- endmacro %}

{#- Whether and by what a row is corrected, from the coverage of its period; `audited`: the audited posts that inform the row. -#}
{% macro audit_coverage_columns(relation, audited) %}
        cast(coalesce({{ audited }}, 0) as bigint) as audited_count,
        {{ relation }}.unfound_candidate_weight,
        {{ relation }}.unfound_other_weight,
        {{ relation }}.not_corrected_reason,
{% endmacro %}

{#- The same for counts that may have no audit by their nature: `any` is judged by no classifier, and a row may lack a sample. -#}
{% macro audit_coverage_or_none(counts, relation, audited, without_row=none) %}
        cast(coalesce({{ audited }}, 0) as bigint) as audited_count,
        coalesce({{ relation }}.unfound_candidate_weight, 0) as unfound_candidate_weight,
        coalesce({{ relation }}.unfound_other_weight, 0) as unfound_other_weight,
        case
            when {{ counts }}.technology = 'any' then 'not applicable'
            {%- if without_row %}
            when {{ relation }}.technology is null then '{{ without_row }}'
            {%- endif %}
            else {{ relation }}.not_corrected_reason
        end as not_corrected_reason,
{% endmacro %}
