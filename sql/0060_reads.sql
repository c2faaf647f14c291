-- What reports and admins read, at a cost that doesn't grow with what was sold.
--
-- Closed rows. A report on all events would add up a row an event and day. So each minute the rows that were written
-- since are summed up into a row a day and currency. What is read is exact at every instant:
--   - each row of booking_analytics says whether the sums hold it (closed_in); a report adds the open ones itself,
--     which are those of the last minute's sales;
--   - a row that changes after it was closed takes its figures back by a row of its own in analytics_changes and is
--     open again. So no commit ever writes a row that another event's commit writes;
--   - close_days moves open rows and changes into the sums. It may run at any time, or never: that costs speed alone.

-- What runs with the owner's rights below can't be shown another table of the same name.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- In the order of a commit, as in 0050_analytics.sql.
LOCK TABLE events IN SHARE MODE;
LOCK TABLE booking_analytics, users, audit_log IN ACCESS EXCLUSIVE MODE;

-- The currency under which the sums hold this row; null: they don't. An event keeps its currency from its first booking
-- on, so amounts never move to another one.
ALTER TABLE booking_analytics ADD COLUMN closed_in text;

-- What reports add themselves, and what is to be closed. The sales of an open row change neither column, so their
-- updates stay in place.
CREATE INDEX booking_analytics_open ON booking_analytics (day) WHERE closed_in IS NULL;

-- Counts are of the events of that currency. Not by event: an event of another currency is another row.
CREATE TABLE analytics_days (
  day            date           NOT NULL,
  currency       text           NOT NULL,
  bookings       bigint         NOT NULL,
  tickets        bigint         NOT NULL,
  revenue        numeric(24, 2) NOT NULL,
  cancellations  bigint         NOT NULL,
  refunded       numeric(24, 2) NOT NULL,
  waitlist_joins bigint         NOT NULL,
  offers         bigint         NOT NULL,
  conversions    bigint         NOT NULL,
  buyers         bigint         NOT NULL,
  repeat_buyers  bigint         NOT NULL,
  PRIMARY KEY (day, currency)
);

-- What is still to be added to the sums; signed.
CREATE TABLE analytics_changes (
  id             bigint         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  day            date           NOT NULL,
  currency       text           NOT NULL,
  bookings       bigint         NOT NULL,
  tickets        bigint         NOT NULL,
  revenue        numeric(24, 2) NOT NULL,
  cancellations  bigint         NOT NULL,
  refunded       numeric(24, 2) NOT NULL,
  waitlist_joins bigint         NOT NULL,
  offers         bigint         NOT NULL,
  conversions    bigint         NOT NULL,
  buyers         bigint         NOT NULL,
  repeat_buyers  bigint         NOT NULL
);

-- All figures by day and currency; several rows of a day are to be added.
CREATE VIEW analytics_by_day WITH (security_invoker = true) AS
SELECT day, currency, bookings, tickets, revenue, cancellations, refunded, waitlist_joins, offers, conversions, buyers,
       repeat_buyers
  FROM analytics_days
UNION ALL
SELECT day, currency, bookings, tickets, revenue, cancellations, refunded, waitlist_joins, offers, conversions, buyers,
       repeat_buyers
  FROM analytics_changes
UNION ALL
SELECT a.day, e.currency, a.bookings, a.tickets, a.revenue, a.cancellations, a.refunded, a.waitlist_joins, a.offers,
       a.conversions, a.buyers, a.repeat_buyers
  FROM booking_analytics a JOIN events e ON e.id = a.event_id
 WHERE a.closed_in IS NULL;

CREATE FUNCTION open_day_again() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO analytics_changes (day, currency, bookings, tickets, revenue, cancellations, refunded, waitlist_joins,
                                 offers, conversions, buyers, repeat_buyers)
  VALUES (OLD.day, OLD.closed_in, -OLD.bookings, -OLD.tickets, -OLD.revenue, -OLD.cancellations, -OLD.refunded,
          -OLD.waitlist_joins, -OLD.offers, -OLD.conversions, -OLD.buyers, -OLD.repeat_buyers);
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  NEW.closed_in := NULL;
  RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION open_day_again() FROM PUBLIC;

-- The condition stands in the trigger's head: a sale's update of an open row pays nothing more.
CREATE TRIGGER booking_analytics_open_again BEFORE UPDATE OR DELETE ON booking_analytics
  FOR EACH ROW WHEN (OLD.closed_in IS NOT NULL) EXECUTE FUNCTION open_day_again();

CREATE FUNCTION forget_days() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM analytics_days;
  DELETE FROM analytics_changes;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION forget_days() FROM PUBLIC;

CREATE TRIGGER booking_analytics_forget_days AFTER TRUNCATE ON booking_analytics
  FOR EACH STATEMENT EXECUTE FUNCTION forget_days();

-- Closes at most that many rows of days before that one, and adds at most that many changes; answers how many it dealt
-- with. Waits for no commit: a row that one is writing is left for the next time. Runs one at a time, by the lock,
-- which no sale and no reader takes.
CREATE FUNCTION close_days(p_before date, p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  dealt_with integer;
BEGIN
  LOCK TABLE analytics_days IN SHARE ROW EXCLUSIVE MODE;
  WITH due AS (
    SELECT event_id, day FROM booking_analytics WHERE closed_in IS NULL AND day < p_before
     ORDER BY day LIMIT p_limit FOR UPDATE SKIP LOCKED),
  closed AS (
    UPDATE booking_analytics AS a SET closed_in = e.currency
      FROM due JOIN events e ON e.id = due.event_id
     WHERE a.event_id = due.event_id AND a.day = due.day
    RETURNING a.*),
  changes AS (
    DELETE FROM analytics_changes WHERE id IN (SELECT id FROM analytics_changes ORDER BY id LIMIT p_limit)
    RETURNING *),
  parts AS (
    SELECT day, closed_in AS currency, bookings, tickets, revenue, cancellations, refunded, waitlist_joins, offers,
           conversions, buyers, repeat_buyers
      FROM closed
    UNION ALL
    SELECT day, currency, bookings, tickets, revenue, cancellations, refunded, waitlist_joins, offers, conversions,
           buyers, repeat_buyers
      FROM changes),
  added AS (
    INSERT INTO analytics_days AS d (day, currency, bookings, tickets, revenue, cancellations, refunded, waitlist_joins,
                                     offers, conversions, buyers, repeat_buyers)
    SELECT day, currency, sum(bookings), sum(tickets), sum(revenue), sum(cancellations), sum(refunded),
           sum(waitlist_joins), sum(offers), sum(conversions), sum(buyers), sum(repeat_buyers)
      FROM parts GROUP BY day, currency
    ON CONFLICT (day, currency) DO UPDATE
       SET bookings = d.bookings + excluded.bookings, tickets = d.tickets + excluded.tickets,
           revenue = d.revenue + excluded.revenue, cancellations = d.cancellations + excluded.cancellations,
           refunded = d.refunded + excluded.refunded, waitlist_joins = d.waitlist_joins + excluded.waitlist_joins,
           offers = d.offers + excluded.offers, conversions = d.conversions + excluded.conversions,
           buyers = d.buyers + excluded.buyers, repeat_buyers = d.repeat_buyers + excluded.repeat_buyers)
  SELECT (SELECT count(*) FROM closed) + (SELECT count(*) FROM changes) INTO dealt_with;
  RETURN dealt_with;
END $$;
REVOKE EXECUTE ON FUNCTION close_days(date, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION close_days(date, integer) TO eventflux_silo;

SELECT close_days((now() AT TIME ZONE 'UTC')::date, 2147483647);

-- For "verify --rebuild": by how much the figures are off stays the same whatever is sold or closed meanwhile, and that
-- much is added. Runs one at a time, by the lock; the statement behind it sees what was added before.
CREATE FUNCTION mend_days() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  LOCK TABLE analytics_days IN SHARE ROW EXCLUSIVE MODE;
  WITH parts AS (
    SELECT 1 AS sign, day, currency, bookings, tickets, revenue, cancellations, refunded, waitlist_joins, offers,
           conversions, buyers, repeat_buyers
      FROM booking_analytics JOIN events ON id = event_id
    UNION ALL
    SELECT -1, day, currency, bookings, tickets, revenue, cancellations, refunded, waitlist_joins, offers, conversions,
           buyers, repeat_buyers
      FROM analytics_by_day),
  differences AS (
    SELECT day, currency, sum(sign * bookings) AS bookings, sum(sign * tickets) AS tickets,
           sum(sign * revenue) AS revenue, sum(sign * cancellations) AS cancellations,
           sum(sign * refunded) AS refunded, sum(sign * waitlist_joins) AS waitlist_joins,
           sum(sign * offers) AS offers, sum(sign * conversions) AS conversions, sum(sign * buyers) AS buyers,
           sum(sign * repeat_buyers) AS repeat_buyers
      FROM parts GROUP BY day, currency)
  INSERT INTO analytics_changes (day, currency, bookings, tickets, revenue, cancellations, refunded, waitlist_joins,
                                 offers, conversions, buyers, repeat_buyers)
  SELECT * FROM differences
   WHERE (bookings, tickets, revenue, cancellations, refunded, waitlist_joins, offers, conversions, buyers,
          repeat_buyers) <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
END $$;
REVOKE EXECUTE ON FUNCTION mend_days() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mend_days() TO eventflux_silo;

-- Events for admins: all of them by date, and how many of each status. ---------------------------------------------

CREATE INDEX events_by_date_in_every_status ON events (event_date, id) WHERE deleted_at IS NULL;
CREATE INDEX events_by_status ON events (status) WHERE deleted_at IS NULL;

-- Users for admins: newest first, and by words of their names. Addresses have an index that finds how they begin. -----

ALTER TABLE users ADD COLUMN search tsvector
  GENERATED ALWAYS AS (to_tsvector('simple', first_name || ' ' || last_name)) STORED;
CREATE INDEX users_by_words ON users USING gin (search);
CREATE INDEX users_by_age ON users (created_at, id);

-- Somebody must be able to give the role away: the last admin keeps it. ----------------------------------------------

CREATE INDEX users_admins ON users (id) WHERE role = 'admin';

-- The lock is held to the end of the transaction: two that take the role from two users at the same moment, on two
-- silos, would each count on the other. What was committed before the lock was had, the statement behind it sees.
CREATE FUNCTION keep_an_admin() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('eventflux: the last admin', 0));
  IF NOT EXISTS (SELECT FROM users WHERE role = 'admin') THEN
    RAISE EXCEPTION 'there must be an admin' USING ERRCODE = 'EF004';
  END IF;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION keep_an_admin() FROM PUBLIC;

CREATE TRIGGER users_keep_an_admin AFTER UPDATE ON users
  FOR EACH ROW WHEN (OLD.role = 'admin' AND NEW.role <> 'admin') EXECUTE FUNCTION keep_an_admin();
CREATE TRIGGER users_keep_an_admin_there AFTER DELETE ON users
  FOR EACH ROW WHEN (OLD.role = 'admin') EXECUTE FUNCTION keep_an_admin();

-- Who took personal data out of the system is written down, too. -----------------------------------------------------

ALTER TABLE audit_log DROP CONSTRAINT audit_log_action_check;
ALTER TABLE audit_log ADD CONSTRAINT audit_log_action_check CHECK (action IN (
  'event.create', 'event.update', 'event.delete', 'event.cancel', 'event.export', 'booking.cancel',
  'user.register', 'user.role', 'user.password', 'user.delete'));

-- Rights (see 0040_row_security.sql). --------------------------------------------------------------------------------

ALTER TABLE analytics_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE analytics_changes ENABLE ROW LEVEL SECURITY;

CREATE POLICY silo ON analytics_days TO eventflux_silo USING (true);
CREATE POLICY silo ON analytics_changes TO eventflux_silo USING (true);

-- Written by close_days and the triggers alone.
GRANT SELECT ON analytics_days, analytics_changes, analytics_by_day TO eventflux_silo;
