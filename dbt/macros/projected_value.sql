{#- Projected value in USD: the budget of a fixed price; middle of the rate range x hours a week x weeks of an hourly post;
    null as soon as one part is undecided. Hours: 15 under 30, 35 for 30 and more. Weeks: 2, 9, 20, 39. -#}
{% macro projected_value_usd() -%}
    cast(
        case contract_type
            when 'fixed' then budget_usd
            when 'hourly' then
                (hourly_rate_low_usd + hourly_rate_high_usd) / 2
                * case weekly_hours_band when 'under_30' then 15 when '30_plus' then 35 end
                * case duration_band
                    when 'under_1_month' then 2
                    when '1_to_3_months' then 9
                    when '3_to_6_months' then 20
                    when 'over_6_months' then 39
                end
        end as decimal(18, 2)
    )
{%- endmacro %}
