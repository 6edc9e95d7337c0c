-- grain: one level (category, sub_category, composite, technology) and series that growth is counted for, with its present name.
with

categories as (
    select * from {{ ref('categories') }}
    where valid_to is null
),

sub_categories as (
    select * from {{ ref('sub_categories') }}
),

composites as (
    select distinct
        composite_id,
        composite,
    from {{ ref('composites') }}
),

technologies as (
    select * from {{ ref('technologies') }}
),

final as (
    select
        'category' as level,
        category_id as series_id,
        category as series,
        category_id,
    from categories
    union all
    select
        'sub_category',
        sub_category_id,
        sub_category,
        category_id,
    from sub_categories
    union all
    select
        'composite',
        composite_id,
        composite,
        null,
    from composites
    union all
    select
        'technology',
        technology,
        label,
        null,
    from technologies
)

select * from final
