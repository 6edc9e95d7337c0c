-- grain: one superseded or repeated row of the lake; posts that were read once do not appear.
-- A post's month is that of its first posting and its state is the latest one. Most posts have one row, so only rows whose
-- hashed id repeats are ranked; a hash collision costs a needless ranking and changes nothing.
with

job_posts as (
    select
        post_id,
        posted_at,
        observed_at,
        source_file,
        source_row,
        load_id,
    from {{ lake_rows(source('raw', 'job_posts')) }}
),

repeated as (
    select hash(post_id) as post_hash
    from job_posts
    group by hash(post_id)
    having count(*) > 1
),

final as (
    select
        load_id,
        source_row,
        min(posted_at) over (partition by post_id) as first_posted_at,
        min(observed_at) over (partition by post_id) as first_observed_at,
        row_number() over (
            partition by post_id
            order by observed_at desc, source_file desc, source_row desc, load_id desc
        ) as state_rank,
    from job_posts
    where hash(post_id) in (select repeated.post_hash from repeated)
)

select * from final
