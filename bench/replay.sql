-- What bench/replay.py has DuckDB compute of a file of events: per rep and UTC day the leads created, those of them that
-- converted, and the effective touchpoints. It follows docs/kpis.md: per subject and field the latest statement counts, a
-- lead is its first owner's, merged leads count once, and a slot of one rep, party, channel and UTC hour counts once, when
-- its first touch was. Longer chains of merges than eight, cycles of them, and ids of number 11 are left to floorpulse.

CREATE TEMP TABLE event AS
SELECT type, subject, data, epoch_us(time) AS instant_us,
       row_number() OVER (ORDER BY time, sequence, source, id) AS stamp
FROM (
    SELECT type, subject, data, CAST(time AS TIMESTAMPTZ) AS time, coalesce(sequence, '') AS sequence, source, id
    FROM read_json($file, format = 'newline_delimited', columns = {
        type: 'VARCHAR', subject: 'VARCHAR', time: 'VARCHAR', sequence: 'VARCHAR', source: 'VARCHAR', id: 'VARCHAR',
        data: 'JSON'})
);

-- The latest statement of a field, null included; a statement that leaves it out says nothing.
CREATE TEMP MACRO latest(field) AS
    arg_max_null(data ->> field, stamp) FILTER (json_exists(data, '$.' || field));
CREATE TEMP MACRO instant(text) AS epoch_us(CAST(text AS TIMESTAMPTZ));
CREATE TEMP MACRO hour_of(instant_us) AS instant_us // 3600000000;

CREATE TEMP TABLE touch AS
SELECT coalesce(rep_id, 'unassigned') AS rep, channel, instant_us,
       CASE WHEN phone IS NOT NULL THEN 'n' || phone WHEN contact_id IS NOT NULL THEN 'c' || contact_id
            WHEN lead_id IS NOT NULL THEN 'l' || lead_id ELSE 't' || subject END AS party
FROM (
    SELECT subject, 'call' AS channel, latest('rep_id') AS rep_id, latest('phone') AS phone,
           latest('contact_id') AS contact_id, latest('lead_id') AS lead_id,
           coalesce(instant(latest('started_at')), min(instant_us)) AS instant_us,
           latest('disposition') = 'answered'
               AND coalesce(CAST(latest('talk_seconds') AS BIGINT) * 1000000,
                            instant(latest('ended_at')) - instant(latest('answered_at')), 0) >= 30000000
               AND latest('rep_id') <> '' AS effective,
           coalesce(latest('deleted'), 'false') = 'true' AS deleted
    FROM event WHERE type = 'telephony.call.v1' GROUP BY subject
    UNION ALL
    SELECT subject, latest('channel'), latest('rep_id'), NULL, latest('contact_id'), latest('lead_id'),
           coalesce(instant(latest('at')), min(instant_us)),
           latest('channel') <> '' AND coalesce(latest('automated'), 'false') <> 'true'
               AND (latest('channel') IN ('meeting', 'visit') OR latest('direction') = 'outbound'),
           coalesce(latest('deleted'), 'false') = 'true'
    FROM event WHERE type = 'crm.activity.v1' GROUP BY subject
)
WHERE effective AND NOT deleted;

CREATE TEMP TABLE lead AS
SELECT subject AS lead, instant(latest('created_at')) AS created, latest('merged_into') AS winner,
       coalesce(arg_min(data ->> 'owner_id', stamp) FILTER ((data ->> 'owner_id') <> ''), 'unassigned') AS first_owner,
       coalesce(bool_or(data ->> 'status' = 'converted'), false) OR coalesce(latest('outcome') = 'won', false) AS converted,
       coalesce(latest('deleted'), 'false') = 'true' AS deleted
FROM event WHERE type = 'crm.lead.v1' GROUP BY subject;

CREATE TEMP TABLE converting AS  -- leads that an accepted appointment or an opportunity names
SELECT lead FROM (
    SELECT latest('lead_id') AS lead, latest('verdict') = 'accepted' AS counts, latest('deleted') AS deleted
    FROM event WHERE type = 'crm.appointment.v1' GROUP BY subject
    UNION ALL
    SELECT latest('lead_id'), true, latest('deleted')
    FROM event WHERE type = 'crm.opportunity.v1' GROUP BY subject
)
WHERE counts AND lead IS NOT NULL AND coalesce(deleted, 'false') <> 'true';

CREATE TEMP TABLE folded AS  -- each lead with what was merged into it
WITH RECURSIVE part(lead, origin, merges) AS (
    SELECT lead, lead, 0 FROM lead WHERE NOT deleted
    UNION ALL
    SELECT loser.winner, part.origin, part.merges + 1
    FROM part JOIN lead AS loser ON loser.lead = part.lead
    WHERE loser.winner IS NOT NULL AND loser.winner <> loser.lead AND NOT loser.deleted AND part.merges < 8
)
SELECT part.lead, bool_or(coalesce(own.converted, false) OR part.origin IN (SELECT lead FROM converting)) AS converted
FROM part JOIN lead AS own ON own.lead = part.origin GROUP BY part.lead;

SELECT 'leads_created' AS measure, first_owner AS rep, created // 86400000000 AS day,
       [count(*), CAST(count(*) FILTER (folded.converted) AS BIGINT)] AS sums
FROM lead JOIN folded USING (lead)
WHERE NOT lead.deleted AND created IS NOT NULL AND (winner IS NULL OR winner = lead)
GROUP BY ALL
UNION ALL
SELECT 'touchpoints', rep, first // 86400000000, [count(*), 0]
FROM (SELECT rep, party, channel, min(instant_us) AS first FROM touch GROUP BY rep, party, channel, hour_of(instant_us))
GROUP BY ALL;
