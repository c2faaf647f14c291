-- How many events a list has in all, at a cost that doesn't grow with them: counted by day, and per category too.
--
-- Each write of an event notes by how much it changed the counts, in a row of its own, so no commit ever writes a row
-- that another event's commit writes. Each minute the notes are added to the sums. What is read adds the notes that are
-- left, so it is exact at every instant.

-- What runs with the owner's rights below can't be shown another table of the same name.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Waits, so that a vacuum of the events gives way and none begins; a commit may go on beside it.
LOCK TABLE events IN SHARE UPDATE EXCLUSIVE MODE;

-- A new event's commit writes the events first and then the counters, every other one the counters first. So while this
-- waits for one of the tables it holds none, and the rollback of the attempt lets go of both.
DO $$
BEGIN
  LOOP
    BEGIN
      LOCK TABLE event_inventory IN SHARE ROW EXCLUSIVE MODE;
      LOCK TABLE events IN SHARE ROW EXCLUSIVE MODE NOWAIT;
      RETURN;
    EXCEPTION WHEN lock_not_available THEN
      PERFORM pg_sleep(0.02);
    END;
  END LOOP;
END $$;

-- Of events that aren't deleted, by the stored status and the UTC day of the date. The rows without a category are of
-- all events.
CREATE TABLE event_totals (
  category text,
  status   text    NOT NULL,
  day      date    NOT NULL,
  sold_out boolean NOT NULL,
  events   bigint  NOT NULL,
  CONSTRAINT event_totals_once UNIQUE NULLS NOT DISTINCT (category, status, day, sold_out)
);
-- Days on which nothing is left.
CREATE INDEX event_totals_empty ON event_totals (day) WHERE events = 0;

-- What is still to be added; signed. Of one category each (null: none), to be counted for all events as well.
CREATE TABLE event_total_changes (
  id       bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  category text,
  status   text    NOT NULL,
  day      date    NOT NULL,
  sold_out boolean NOT NULL,
  events   bigint  NOT NULL
);

-- The counts of this instant; several rows of a day are to be added.
CREATE VIEW event_totals_now WITH (security_invoker = true) AS
SELECT category, status, day, sold_out, events FROM event_totals
UNION ALL
SELECT category, status, day, sold_out, events FROM event_total_changes WHERE category IS NOT NULL
UNION ALL
SELECT NULL, status, day, sold_out, events FROM event_total_changes;

-- The same from the rows.
CREATE VIEW event_totals_recounted WITH (security_invoker = true) AS
SELECT c.category, e.status, (e.event_date AT TIME ZONE 'UTC')::date AS day,
       coalesce(i.available = 0, false) AS sold_out, count(*) AS events
  FROM events e LEFT JOIN event_inventory i ON i.event_id = e.id
 CROSS JOIN LATERAL (SELECT lower(e.category) UNION SELECT NULL) AS c (category)
 WHERE e.deleted_at IS NULL
 GROUP BY 1, 2, 3, 4;

-- An edit that moves no count leaves no note.
CREATE FUNCTION count_events() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO event_total_changes (category, status, day, sold_out, events)
    SELECT lower(e.category), e.status, (e.event_date AT TIME ZONE 'UTC')::date, coalesce(i.available = 0, false),
           count(*)
      FROM written e LEFT JOIN event_inventory i ON i.event_id = e.id
     WHERE e.deleted_at IS NULL GROUP BY 1, 2, 3, 4;
  ELSE
    INSERT INTO event_total_changes (category, status, day, sold_out, events)
    SELECT lower(e.category), e.status, (e.event_date AT TIME ZONE 'UTC')::date, coalesce(i.available = 0, false),
           sum(e.change)
      FROM (SELECT id, category, status, event_date, deleted_at, -1 AS change FROM replaced
            UNION ALL SELECT id, category, status, event_date, deleted_at, 1 FROM written) AS e
      LEFT JOIN event_inventory i ON i.event_id = e.id
     WHERE e.deleted_at IS NULL GROUP BY 1, 2, 3, 4 HAVING sum(e.change) <> 0;
  END IF;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION count_events() FROM PUBLIC;

CREATE TRIGGER events_are_counted AFTER INSERT ON events
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION count_events();
CREATE TRIGGER events_are_counted_anew AFTER UPDATE ON events
  REFERENCING OLD TABLE AS replaced NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION count_events();

-- The last ticket is gone, or one is free again.
CREATE FUNCTION count_sold_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO event_total_changes (category, status, day, sold_out, events)
  SELECT lower(e.category), e.status, (e.event_date AT TIME ZONE 'UTC')::date, c.sold_out, c.change
    FROM events e CROSS JOIN (VALUES (NEW.available = 0, 1), (NEW.available <> 0, -1)) AS c (sold_out, change)
   WHERE e.id = NEW.event_id AND e.deleted_at IS NULL;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION count_sold_out() FROM PUBLIC;

-- The condition stands in the trigger's head: any other sale pays a comparison.
CREATE TRIGGER event_inventory_is_sold_out AFTER INSERT ON event_inventory
  FOR EACH ROW WHEN (NEW.available = 0) EXECUTE FUNCTION count_sold_out();
CREATE TRIGGER event_inventory_sells_out AFTER UPDATE ON event_inventory
  FOR EACH ROW WHEN ((OLD.available = 0) <> (NEW.available = 0)) EXECUTE FUNCTION count_sold_out();

CREATE FUNCTION forget_event_totals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM event_totals;
  DELETE FROM event_total_changes;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION forget_event_totals() FROM PUBLIC;

CREATE TRIGGER events_forget_totals AFTER TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION forget_event_totals();

-- Adds at most that many notes to the sums; answers how many. It may run at any time, or never: that costs speed alone.
-- Runs one at a time, by the lock, which no commit and no reader takes.
CREATE FUNCTION sum_up_events(p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  dealt_with integer;
BEGIN
  LOCK TABLE event_totals IN SHARE ROW EXCLUSIVE MODE;
  WITH changes AS (
    DELETE FROM event_total_changes WHERE id IN (SELECT id FROM event_total_changes ORDER BY id LIMIT p_limit)
    RETURNING *),
  added AS (
    INSERT INTO event_totals AS t (category, status, day, sold_out, events)
    SELECT c.category, status, day, sold_out, sum(events)
      FROM changes CROSS JOIN LATERAL (SELECT changes.category UNION SELECT NULL) AS c (category)
     GROUP BY 1, 2, 3, 4
    ON CONFLICT ON CONSTRAINT event_totals_once DO UPDATE SET events = t.events + excluded.events)
  SELECT count(*) FROM changes INTO dealt_with;
  DELETE FROM event_totals WHERE events = 0;
  RETURN dealt_with;
END $$;
REVOKE EXECUTE ON FUNCTION sum_up_events(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sum_up_events(integer) TO eventflux_silo;

-- For "verify --rebuild": by how much the counts are off stays the same whatever is written meanwhile, and that much is
-- added. The statement behind the lock sees what was added before.
CREATE FUNCTION mend_event_totals() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  LOCK TABLE event_totals IN SHARE ROW EXCLUSIVE MODE;
  INSERT INTO event_totals AS t (category, status, day, sold_out, events)
  SELECT category, status, day, sold_out, sum(events)
    FROM (SELECT category, status, day, sold_out, events FROM event_totals_recounted
          UNION ALL SELECT category, status, day, sold_out, -events FROM event_totals_now) AS parts
   GROUP BY 1, 2, 3, 4 HAVING sum(events) <> 0
  ON CONFLICT ON CONSTRAINT event_totals_once DO UPDATE SET events = t.events + excluded.events;
END $$;
REVOKE EXECUTE ON FUNCTION mend_event_totals() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mend_event_totals() TO eventflux_silo;

INSERT INTO event_totals (category, status, day, sold_out, events) SELECT * FROM event_totals_recounted;

-- Rights (see 0040_row_security.sql). --------------------------------------------------------------------------------

ALTER TABLE event_totals ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_total_changes ENABLE ROW LEVEL SECURITY;

CREATE POLICY silo ON event_totals TO eventflux_silo USING (true);
CREATE POLICY silo ON event_total_changes TO eventflux_silo USING (true);

-- Written by the functions above alone.
GRANT SELECT ON event_totals, event_total_changes, event_totals_now, event_totals_recounted TO eventflux_silo;
