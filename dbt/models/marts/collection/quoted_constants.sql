-- grain: one figure that reports quote from others, and its as-of date.
with

quoted_constants as (
    select * from {{ ref('stg_marketplace__quoted_constants') }}
),

final as (
    select
        constant_id,
        as_of_date,
        value,
        unit,
        source,
    from quoted_constants
)

select * from final
