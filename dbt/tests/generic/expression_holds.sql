{#- An identity between columns of one row; a row in which it cannot be decided (NULL) fails. -#}
{% test expression_holds(model, expression) %}

with broken as (

    select *
    from {{ model }}
    where coalesce(not ({{ expression }}), true)

)

select * from broken

{% endtest %}
