{#- Classes of audit errors as (name, outcome of the audited post): what the classifier missed, what it accepted falsely. -#}
{% macro audit_error_classes() %}
    {{ return([
        ('missed_candidate', 'refused_true'), ('missed_other', 'other_true'), ('false_accept', 'accepted_false')
    ]) }}
{% endmacro %}
