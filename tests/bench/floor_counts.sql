-- The floor's second half: accepted posts to the counts that shares, values and growth are made from.
create temp table classified as
select predictions.technology, posts.*
from posts
inner join predictions using (post_id)
where predictions.is_positive;

create temp table period_months as
with months as (select distinct posted_month from posts)
select strftime(posted_month, '%Y-%m') as period_id, posted_month from months
union all
select strftime(posted_month, '%Y'), posted_month from months
union all
select study_periods.period_id, months.posted_month
from months
inner join read_csv(getvariable('seeds') || '/study_periods.csv') as study_periods
    on months.posted_month between study_periods.period_start and study_periods.period_end;

create temp table value_filters as
select * from (values ('all', null), ('at_least_0', 0), ('at_least_50', 50), ('at_least_100', 100), ('at_least_1000', 1000))
    as listed (value_filter, minimum);

create temp table category_clients as
select
    period_id, category_id, client_key,
    count(*) as posts_all,
    count(*) filter (where projected_value_usd >= 0) as posts_at_least_0,
    count(*) filter (where projected_value_usd >= 50) as posts_at_least_50,
    count(*) filter (where projected_value_usd >= 100) as posts_at_least_100,
    count(*) filter (where projected_value_usd >= 1000) as posts_at_least_1000,
from posts
inner join period_months using (posted_month)
where category_id is not null
group by all;

create temp table technology_clients as
with

counted as (
    select period_id, technology, value_filter, category_id, client_key, count(*) as classified_count
    from classified
    inner join period_months using (posted_month)
    inner join value_filters on minimum is null or projected_value_usd >= minimum
    where category_id is not null
    group by all
)

select *, sum(classified_count) over (partition by period_id, technology, value_filter, client_key) as client_total
from counted;

create table share_counts as
with

categories as (
    select
        period_id, category_id,
        unnest([
            {
                value_filter: 'all',
                category_post_count: sum(posts_all),
                penetration_cluster_count: count(*) filter (where posts_all > 0),
                penetration_sum_nn: sum(posts_all * posts_all)
            },
            {
                value_filter: 'at_least_0',
                category_post_count: sum(posts_at_least_0),
                penetration_cluster_count: count(*) filter (where posts_at_least_0 > 0),
                penetration_sum_nn: sum(posts_at_least_0 * posts_at_least_0)
            },
            {
                value_filter: 'at_least_50',
                category_post_count: sum(posts_at_least_50),
                penetration_cluster_count: count(*) filter (where posts_at_least_50 > 0),
                penetration_sum_nn: sum(posts_at_least_50 * posts_at_least_50)
            },
            {
                value_filter: 'at_least_100',
                category_post_count: sum(posts_at_least_100),
                penetration_cluster_count: count(*) filter (where posts_at_least_100 > 0),
                penetration_sum_nn: sum(posts_at_least_100 * posts_at_least_100)
            },
            {
                value_filter: 'at_least_1000',
                category_post_count: sum(posts_at_least_1000),
                penetration_cluster_count: count(*) filter (where posts_at_least_1000 > 0),
                penetration_sum_nn: sum(posts_at_least_1000 * posts_at_least_1000)
            }
        ], recursive := true),
    from category_clients
    group by period_id, category_id
),

accepted as (
    select
        period_id, technology, value_filter, category_id,
        sum(classified_count) as classified_count,
        sum(classified_count * classified_count) as sum_yy,
        sum(classified_count * client_total) as composition_sum_yn,
        sum(
            classified_count * case value_filter
                when 'all' then posts_all
                when 'at_least_0' then posts_at_least_0
                when 'at_least_50' then posts_at_least_50
                when 'at_least_100' then posts_at_least_100
                when 'at_least_1000' then posts_at_least_1000
            end
        ) as penetration_sum_yn,
    from technology_clients
    inner join category_clients using (period_id, category_id, client_key)
    group by all
),

totals as (
    select
        period_id, technology, value_filter,
        sum(client_total) as technology_post_count,
        count(*) as composition_cluster_count,
        sum(client_total * client_total) as composition_sum_nn,
    from (select distinct period_id, technology, value_filter, client_key, client_total from technology_clients)
    group by all
)

select categories.*, technologies.technology, accepted.* exclude (period_id, technology, value_filter, category_id),
    totals.* exclude (period_id, technology, value_filter)
from categories
cross join (select unnest(['ai', 'cloud', 'rpa']) as technology) as technologies
left join accepted using (period_id, technology, value_filter, category_id)
left join totals using (period_id, technology, value_filter);

create table value_counts as
with

valued as (
    select period_id, 'any' as technology, category_id, client_key, projected_value_usd as usd
    from posts inner join period_months using (posted_month)
    union all
    select period_id, technology, category_id, client_key, projected_value_usd
    from classified inner join period_months using (posted_month)
),

clients as (
    select
        period_id, technology, client_key,
        case when grouping(category_id) = 1 then 'all' else category_id end as category_id,
        count(*) as post_count,
        count(usd) as known_count,
        count(*) filter (where usd > 1000) as high_count,
    from valued
    group by grouping sets ((period_id, technology, client_key), (period_id, technology, client_key, category_id))
),

sums as (
    select
        period_id, technology, category_id,
        sum(post_count) as post_count,
        sum(known_count) as known_value_count,
        sum(high_count) as high_value_count,
        sum(high_count * high_count) as high_value_sum_yy,
        sum(high_count * known_count) as high_value_sum_yn,
        sum(known_count * known_count) as high_value_sum_nn,
        sum(known_count * post_count) as known_value_sum_yn,
        sum(post_count * post_count) as known_value_sum_nn,
        count(*) as known_value_cluster_count,
    from clients
    where category_id is not null
    group by all
),

quartiles as (
    select
        period_id, technology,
        case when grouping(category_id) = 1 then 'all' else category_id end as category_id,
        quantile_disc(usd, [0.25, 0.5, 0.75]) as quartiles_usd,
    from valued
    where usd is not null
    group by grouping sets ((period_id, technology), (period_id, technology, category_id))
)

select
    sums.*,
    quartiles_usd[1] as lower_quartile_usd,
    quartiles_usd[2] as median_value_usd,
    quartiles_usd[3] as upper_quartile_usd,
from sums
left join quartiles using (period_id, technology, category_id);

create table growth_counts as
with

series as (
    select posted_month, is_us_client, client_key, 'total' as level, 'all_posts' as series_id from posts
    union all
    select posted_month, is_us_client, client_key, 'category', category_id from posts
    union all
    select posted_month, is_us_client, client_key, 'sub_category', sub_category_id from posts
    union all
    select posted_month, is_us_client, client_key, 'composite', composite_id
    from posts
    inner join read_csv(getvariable('seeds') || '/composites.csv')
        on member_id = case member_level when 'category' then category_id else sub_category_id end
    union all
    select posted_month, is_us_client, client_key, 'technology', technology from classified
),

clients as (
    select posted_month, level, series_id, client_key, count(*) as "all", count(*) filter (where is_us_client) as us
    from series
    where series_id is not null
    group by all
)

select
    posted_month, level, series_id, population,
    sum(posts) as post_count,
    count(*) filter (where posts > 0) as client_count,
    sum(posts * posts) as sum_client_squares,
from (unpivot clients on "all", us into name population value posts)
group by all;
