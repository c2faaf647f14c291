-- What reports need beyond the books of each event and day, kept in the transaction of what they count, so that a
-- report reads a few sums and never the bookings. The verb "verify" recomputes all of it from the rows.

-- What runs with the owner's rights below can't be shown another table of the same name.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Silos sell meanwhile. What this takes, it takes first, as strong as it will need it, and in the order of a commit: so
-- it waits for the commits under way, the next ones wait for it, and none of them wait in a circle. The events, since
-- the statement that calls one off may lock its tables the other way round, behind this one.
LOCK TABLE events IN SHARE MODE;
LOCK TABLE bookings IN SHARE ROW EXCLUSIVE MODE;
LOCK TABLE booking_analytics IN ACCESS EXCLUSIVE MODE;
LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE;

-- How many confirmed bookings a user has now, over all events; a user who never booked has no row.
-- No CHECK on purpose: a figure for a report must never refuse a sale. It could be off, even below 0, while silos of
-- the version before this script still sell; "verify --rebuild" sets it right then.
CREATE TABLE buyers (
  user_id   uuid    PRIMARY KEY,
  confirmed integer NOT NULL
) WITH (fillfactor = 70);

-- By how much the commits of that event-day changed the number of users with one confirmed booking at least, and with
-- two at least. Signed: the sum over all rows is the number now, over all rows up to a day the number at its end.
ALTER TABLE booking_analytics
  ADD COLUMN buyers        integer NOT NULL DEFAULT 0,
  ADD COLUMN repeat_buyers integer NOT NULL DEFAULT 0;

-- What retention removed, in the terms of the books: bookings by the day of booking, cancellations by that of the
-- cancellation. Rows and this together are what was ever booked.
CREATE TABLE removed_analytics (
  event_id      uuid           NOT NULL,
  day           date           NOT NULL,
  bookings      integer        NOT NULL DEFAULT 0 CHECK (bookings >= 0),
  tickets       integer        NOT NULL DEFAULT 0 CHECK (tickets >= 0),
  revenue       numeric(20, 2) NOT NULL DEFAULT 0 CHECK (revenue >= 0),
  cancellations integer        NOT NULL DEFAULT 0 CHECK (cancellations >= 0),
  refunded      numeric(20, 2) NOT NULL DEFAULT 0 CHECK (refunded >= 0),
  PRIMARY KEY (event_id, day)
);

-- Users there are, by the UTC day on which they signed up.
CREATE TABLE user_signups (
  day   date    PRIMARY KEY,
  users integer NOT NULL
) WITH (fillfactor = 60);

-- By a trigger, so that nothing can remove a booking and forget this. Only what retention may remove: a confirmed
-- booking that is gone stays a difference for "verify".
CREATE FUNCTION keep_removed_bookings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO removed_analytics AS r (event_id, day, bookings, tickets, revenue, cancellations, refunded)
  SELECT event_id, (at AT TIME ZONE 'UTC')::date, sum(booked), sum(booked * quantity),
         sum(booked * quantity * unit_price), sum(1 - booked), sum((1 - booked) * quantity * unit_price)
    FROM gone CROSS JOIN LATERAL (VALUES (booked_at, 1), (cancelled_at, 0)) AS side (at, booked)
   WHERE status = 'cancelled'
   GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (event_id, day) DO UPDATE
     SET bookings = r.bookings + excluded.bookings, tickets = r.tickets + excluded.tickets,
         revenue = r.revenue + excluded.revenue, cancellations = r.cancellations + excluded.cancellations,
         refunded = r.refunded + excluded.refunded;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION keep_removed_bookings() FROM PUBLIC;

CREATE TRIGGER bookings_leave_their_sums AFTER DELETE ON bookings
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION keep_removed_bookings();

-- With the owner's rights already: only the triggers on orleans_storage write users.
CREATE FUNCTION count_signup() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE user_signups SET users = users - 1 WHERE day = (OLD.created_at AT TIME ZONE 'UTC')::date;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO user_signups AS s (day, users) VALUES ((NEW.created_at AT TIME ZONE 'UTC')::date, 1)
    ON CONFLICT (day) DO UPDATE SET users = s.users + 1;
  END IF;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION count_signup() FROM PUBLIC;

CREATE TRIGGER users_are_counted AFTER INSERT OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION count_signup();
CREATE TRIGGER users_are_moved AFTER UPDATE ON users
  FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at) EXECUTE FUNCTION count_signup();

-- What there was before this script. ---------------------------------------------------------------------------------

INSERT INTO buyers (user_id, confirmed) SELECT user_id, count(*) FROM bookings WHERE status = 'confirmed' GROUP BY 1;

INSERT INTO user_signups (day, users) SELECT (created_at AT TIME ZONE 'UTC')::date, count(*) FROM users GROUP BY 1;

-- A user became a buyer with the first and a repeat buyer with the second of the bookings that are confirmed now.
INSERT INTO booking_analytics AS a (event_id, day, buyers, repeat_buyers)
SELECT event_id, (booked_at AT TIME ZONE 'UTC')::date,
       count(*) FILTER (WHERE place = 1), count(*) FILTER (WHERE place = 2)
  FROM (SELECT event_id, booked_at, row_number() OVER (PARTITION BY user_id ORDER BY booked_at, id) AS place
          FROM bookings WHERE status = 'confirmed') AS b
 WHERE place <= 2 GROUP BY 1, 2
ON CONFLICT (event_id, day) DO UPDATE SET buyers = excluded.buyers, repeat_buyers = excluded.repeat_buyers;

-- What the books know beyond the rows is what retention had removed.
INSERT INTO removed_analytics (event_id, day, bookings, tickets, revenue, cancellations, refunded)
SELECT event_id, day,
       greatest(a.bookings - coalesce(r.bookings, 0), 0), greatest(a.tickets - coalesce(r.tickets, 0), 0),
       greatest(a.revenue - coalesce(r.revenue, 0), 0), greatest(a.cancellations - coalesce(r.cancellations, 0), 0),
       greatest(a.refunded - coalesce(r.refunded, 0), 0)
  FROM booking_analytics a
  LEFT JOIN (SELECT event_id, (at AT TIME ZONE 'UTC')::date AS day, sum(booked) AS bookings,
                    sum(booked * quantity) AS tickets, sum(booked * quantity * unit_price) AS revenue,
                    sum(1 - booked) AS cancellations, sum((1 - booked) * quantity * unit_price) AS refunded
               FROM bookings CROSS JOIN LATERAL (VALUES (booked_at, 1), (cancelled_at, 0)) AS side (at, booked)
              WHERE at IS NOT NULL GROUP BY 1, 2) AS r USING (event_id, day)
 WHERE (a.bookings, a.tickets, a.revenue, a.cancellations, a.refunded)
       IS DISTINCT FROM (coalesce(r.bookings, 0), coalesce(r.tickets, 0), coalesce(r.revenue, 0),
                         coalesce(r.cancellations, 0), coalesce(r.refunded, 0));

-- Rights (see 0040_row_security.sql). --------------------------------------------------------------------------------

ALTER TABLE buyers ENABLE ROW LEVEL SECURITY;
ALTER TABLE removed_analytics ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_signups ENABLE ROW LEVEL SECURITY;

CREATE POLICY silo ON buyers TO eventflux_silo USING (true);
CREATE POLICY silo ON removed_analytics TO eventflux_silo USING (true);
CREATE POLICY silo ON user_signups TO eventflux_silo USING (true);

GRANT SELECT, INSERT, UPDATE ON buyers TO eventflux_silo;
-- Written by a trigger alone.
GRANT SELECT ON removed_analytics TO eventflux_silo;
-- Written by the triggers on users, and by "verify --rebuild".
GRANT SELECT, INSERT, UPDATE ON user_signups TO eventflux_silo;
