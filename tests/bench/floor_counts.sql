-- The floor's second half: accepted posts to the counts that shares, values and growth are made from.
create type technology as enum ('any', 'ai', 'cloud', 'rpa');

create temp table counted as
select 'any'::technology as technology, posted_month, category_id, sub_category_id, client, is_us_client, projected_value_usd as usd
from posts
union all
select predictions.technology::technology, posted_month, category_id, sub_category_id, client, is_us_client, projected_value_usd
from posts
inner join predictions using (post_id)
where predictions.is_positive;

-- A month is a period of its own; years and study periods are summed from months.
create temp table longer_periods as
with months as (select distinct posted_month from posts)
select strftime(posted_month, '%Y') as period_id, posted_month from months
union all
select study_periods.period_id, months.posted_month
from months
inner join read_csv(getvariable('seeds') || '/study_periods.csv') as study_periods
    on months.posted_month between study_periods.period_start and study_periods.period_end;

create type period as enum (
    select distinct strftime(posted_month, '%Y-%m') from posts union select distinct period_id from longer_periods
);

create temp table monthly_clients as
select
    posted_month, technology, category_id, client,
    count(*) as posts_all,
    count(usd) as posts_known,
    count(*) filter (where usd >= 0) as posts_at_least_0,
    count(*) filter (where usd >= 50) as posts_at_least_50,
    count(*) filter (where usd >= 100) as posts_at_least_100,
    count(*) filter (where usd >= 1000) as posts_at_least_1000,
    count(*) filter (where usd > 1000) as posts_high,
from counted
group by all;

create temp table clients as
select strftime(posted_month, '%Y-%m')::period as period_id, * exclude (posted_month)
from monthly_clients
union all
select
    period_id::period, technology, category_id, client,
    sum(posts_all)::bigint,
    sum(posts_known)::bigint,
    sum(posts_at_least_0)::bigint,
    sum(posts_at_least_50)::bigint,
    sum(posts_at_least_100)::bigint,
    sum(posts_at_least_1000)::bigint,
    sum(posts_high)::bigint,
from monthly_clients
inner join longer_periods using (posted_month)
group by all;

create temp table technology_clients as
unpivot (
    select clients.* exclude (posts_known, posts_high), of_all.* exclude (period_id, category_id, client)
    from clients
    inner join (
        select
            period_id, category_id, client,
            posts_all as all_all,
            posts_at_least_0 as all_at_least_0,
            posts_at_least_50 as all_at_least_50,
            posts_at_least_100 as all_at_least_100,
            posts_at_least_1000 as all_at_least_1000,
        from clients
        where technology = 'any'
    ) as of_all using (period_id, category_id, client)
    where technology != 'any'
) on
    (posts_all, all_all) as "all",
    (posts_at_least_0, all_at_least_0) as at_least_0,
    (posts_at_least_50, all_at_least_50) as at_least_50,
    (posts_at_least_100, all_at_least_100) as at_least_100,
    (posts_at_least_1000, all_at_least_1000) as at_least_1000
into name value_filter value classified_count, category_count;

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
    from clients
    where technology = 'any' and category_id is not null
    group by period_id, category_id
),

technology_totals as (
    select period_id, technology, value_filter, client, sum(classified_count)::bigint as client_total
    from technology_clients
    where classified_count > 0
    group by all
),

accepted as (
    select
        period_id, technology, value_filter, category_id,
        sum(classified_count) as classified_count,
        sum(classified_count * classified_count) as sum_yy,
        sum(classified_count * client_total) as composition_sum_yn,
        sum(classified_count * category_count) as penetration_sum_yn,
    from technology_clients
    inner join technology_totals using (period_id, technology, value_filter, client)
    where classified_count > 0
    group by all
),

totals as (
    select
        period_id, technology, value_filter,
        sum(client_total) as technology_post_count,
        count(*) as composition_cluster_count,
        sum(client_total * client_total) as composition_sum_nn,
    from technology_totals
    group by all
)

select categories.*, technologies.technology, accepted.* exclude (period_id, technology, value_filter, category_id),
    totals.* exclude (period_id, technology, value_filter)
from categories
cross join (select unnest(['ai', 'cloud', 'rpa'])::technology as technology) as technologies
left join accepted using (period_id, technology, value_filter, category_id)
left join totals using (period_id, technology, value_filter);

-- Posts by the million have values by the hundred: quartiles come from how often each value occurs.
create temp table monthly_values as
select posted_month, technology, category_id, usd, count(*) as posts
from counted
where usd is not null
group by all;

create table value_counts as
with

sums as (
    select
        period_id, technology, category_id,
        sum(posts_all) as post_count,
        sum(posts_known) as known_value_count,
        sum(posts_high) as high_value_count,
        sum(posts_high * posts_high) as high_value_sum_yy,
        sum(posts_high * posts_known) as high_value_sum_yn,
        sum(posts_known * posts_known) as high_value_sum_nn,
        sum(posts_known * posts_all) as known_value_sum_yn,
        sum(posts_all * posts_all) as known_value_sum_nn,
        count(*) as known_value_cluster_count,
    from (
        select period_id, technology, category_id::varchar as category_id, posts_all, posts_known, posts_high
        from clients
        where category_id is not null
        union all
        select period_id, technology, 'all', sum(posts_all)::bigint, sum(posts_known)::bigint, sum(posts_high)::bigint
        from clients
        group by period_id, technology, client
    )
    group by all
),

value_frequencies as (
    select
        period_id, technology,
        case when grouping(category_id) = 1 then 'all' else category_id end as category_id,
        usd,
        sum(posts)::bigint as posts,
    from (
        select strftime(posted_month, '%Y-%m')::period as period_id, * exclude (posted_month) from monthly_values
        union all
        select period_id::period, monthly_values.* exclude (posted_month)
        from monthly_values
        inner join longer_periods using (posted_month)
    )
    group by grouping sets ((period_id, technology, usd), (period_id, technology, category_id, usd))
),

ranked as (
    select
        *,
        sum(posts) over (partition by period_id, technology, category_id order by usd) as up_to,
        sum(posts) over (partition by period_id, technology, category_id) as known,
    from value_frequencies
    where category_id is not null
),

quartiles as (
    select
        period_id, technology, category_id,
        min(usd) filter (where up_to >= 0.25 * known) as lower_quartile_usd,
        min(usd) filter (where up_to >= 0.5 * known) as median_value_usd,
        min(usd) filter (where up_to >= 0.75 * known) as upper_quartile_usd,
    from ranked
    group by all
)

select *
from sums
left join quartiles using (period_id, technology, category_id);

create table growth_counts as
with

of_clients as (
    select
        posted_month, client, category_id, sub_category_id,
        grouping_id(category_id, sub_category_id) as level,
        count(*) as "all",
        count(*) filter (where is_us_client) as us,
    from posts
    group by grouping sets (
        (posted_month, client), (posted_month, client, category_id), (posted_month, client, sub_category_id)
    )
),

of_composites as (
    select posted_month, client, composite_id, count(*) as "all", count(*) filter (where is_us_client) as us
    from posts
    inner join read_csv(getvariable('seeds') || '/composites.csv')
        on member_id = case member_level when 'category' then category_id::varchar else sub_category_id::varchar end
    group by all
),

of_technologies as (
    select posted_month, technology, client, count(*) as "all", count(*) filter (where is_us_client) as us
    from counted
    where technology != 'any'
    group by all
),

series as (
    select posted_month, 'total' as level, 'all_posts' as series_id, "all", us from of_clients where level = 3
    union all
    select posted_month, 'category', category_id::varchar, "all", us from of_clients where level = 1 and category_id is not null
    union all
    select posted_month, 'sub_category', sub_category_id::varchar, "all", us
    from of_clients
    where level = 2 and sub_category_id is not null
    union all
    select posted_month, 'composite', composite_id, "all", us from of_composites
    union all
    select posted_month, 'technology', technology::varchar, "all", us from of_technologies
),

sums as (
    select
        posted_month, level, series_id,
        unnest([
            {
                population: 'all',
                post_count: sum("all"),
                client_count: count(*),
                sum_client_squares: sum("all" * "all")
            },
            {
                population: 'us',
                post_count: sum(us),
                client_count: count(*) filter (where us > 0),
                sum_client_squares: sum(us * us)
            }
        ], recursive := true),
    from series
    group by posted_month, level, series_id
)

select * from sums;
