-- Seats and holds. An event is of general admission, or has a row in seat_plans. As everything of an event, the rows are
-- written by the event's own commits, behind its fence; the constraints are the last line of defence.

-- Until the end of this script: the schema of the tables and nothing else (see 0040_row_security.sql).
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

ALTER TABLE events ADD COLUMN seated boolean NOT NULL DEFAULT false;

-- A booking's tickets may differ in price: then only their sum stands in the row. seats names each seat with its price,
-- as it was when it was held; it stays when the plan changes and when the booking is cancelled.
ALTER TABLE bookings ALTER COLUMN unit_price DROP NOT NULL;
ALTER TABLE bookings ADD COLUMN amount numeric(20, 2), ADD COLUMN seats json;
ALTER TABLE bookings ADD CONSTRAINT bookings_have_one_price
  CHECK ((unit_price IS NULL) = (amount IS NOT NULL)) NOT VALID;

-- The sections that will do for who waits, and the seats that an offer holds.
ALTER TABLE waitlist_entries ADD COLUMN sections text[], ADD COLUMN seats json;

ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_scope_check;
ALTER TABLE idempotency_keys ADD CONSTRAINT idempotency_keys_scope_check
  CHECK (scope IN ('booking', 'waitlist', 'hold')) NOT VALID;

-- The plan as one document, since it is read and changed as a whole: up to 100,000 seats.
CREATE TABLE seat_plans (
  event_id uuid   PRIMARY KEY,
  -- The version of the event's details that it came with.
  version  bigint NOT NULL,
  plan     json   NOT NULL
);

-- Seats that the organiser keeps out of the sale.
CREATE TABLE blocked_seats (
  event_id   uuid        NOT NULL,
  seat_id    text        NOT NULL,
  reason     text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 200),
  blocked_at timestamptz NOT NULL,
  PRIMARY KEY (event_id, seat_id)
);

-- The seats of confirmed bookings: none is anybody else's at the same time, whatever a silo believes.
CREATE TABLE sold_seats (
  event_id   uuid NOT NULL,
  seat_id    text NOT NULL,
  booking_id uuid NOT NULL,
  PRIMARY KEY (event_id, seat_id)
);

-- Tickets set aside for a checkout. Ended ones are kept as long as idempotency keys.
CREATE TABLE holds (
  id          uuid           PRIMARY KEY,
  event_id    uuid           NOT NULL,
  user_id     uuid           NOT NULL,
  quantity    integer        NOT NULL CHECK (quantity >= 1),
  unit_price  numeric(9, 2),
  amount      numeric(20, 2) NOT NULL CHECK (amount >= 0),
  currency    text           NOT NULL,
  seats       json,
  status      text           NOT NULL DEFAULT 'open'
              CHECK (status IN ('open', 'booked', 'released', 'expired', 'closed')),
  held_at     timestamptz    NOT NULL,
  expires_at  timestamptz    NOT NULL,
  is_extended boolean        NOT NULL DEFAULT false,
  ended_at    timestamptz,
  CONSTRAINT holds_end_has_time CHECK ((status = 'open') = (ended_at IS NULL))
);

-- One open hold per user and event; also what an activation reads.
CREATE UNIQUE INDEX holds_one_open ON holds (event_id, user_id) WHERE status = 'open';
CREATE INDEX holds_by_user ON holds (user_id, event_id);
-- What the minute sweep finds due, and what retention removes.
CREATE INDEX holds_by_end ON holds (expires_at, id) WHERE status = 'open';
CREATE INDEX holds_by_age ON holds (ended_at, id) WHERE status <> 'open';

-- The fence knows whether the event has seats: a silo of the release before doesn't, and would sell tickets without
-- them. Its commits of such an event are refused as those of an activation that is out of date.
ALTER TABLE event_inventory ADD COLUMN seated boolean NOT NULL DEFAULT false;

CREATE FUNCTION fence_event(
  p_event_id uuid, p_version bigint,
  p_capacity integer, p_available integer, p_booked integer, p_held integer, p_waiting integer, p_seated boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE event_inventory
     SET version = version + 1, capacity = p_capacity, available = p_available,
         booked = p_booked, held = p_held, waiting = p_waiting, seated = p_seated
   WHERE event_id = p_event_id AND version = p_version;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the event has moved on from version %', p_version USING ERRCODE = 'EF001';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION fence_event(
  p_event_id uuid, p_version bigint,
  p_capacity integer, p_available integer, p_booked integer, p_held integer, p_waiting integer)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM event_inventory WHERE event_id = p_event_id AND seated) THEN
    RAISE EXCEPTION 'the event has seats, which this release does not know' USING ERRCODE = 'EF001';
  END IF;
  PERFORM fence_event(p_event_id, p_version, p_capacity, p_available, p_booked, p_held, p_waiting, false);
END $$;

-- What a booking cost: the sum where its tickets differ.
CREATE OR REPLACE FUNCTION keep_removed_bookings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO removed_analytics AS r (event_id, day, bookings, tickets, revenue, cancellations, refunded)
  SELECT event_id, (at AT TIME ZONE 'UTC')::date, sum(booked), sum(booked * quantity),
         sum(booked * coalesce(amount, quantity * unit_price)), sum(1 - booked),
         sum((1 - booked) * coalesce(amount, quantity * unit_price))
    FROM gone CROSS JOIN LATERAL (VALUES (booked_at, 1), (cancelled_at, 0)) AS side (at, booked)
   WHERE status = 'cancelled'
   GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (event_id, day) DO UPDATE
     SET bookings = r.bookings + excluded.bookings, tickets = r.tickets + excluded.tickets,
         revenue = r.revenue + excluded.revenue, cancellations = r.cancellations + excluded.cancellations,
         refunded = r.refunded + excluded.refunded;
  RETURN NULL;
END $$;

-- The views with the new columns at their ends.
CREATE OR REPLACE VIEW event_view WITH (security_invoker = true) AS
SELECT e.id, e.name, e.description, e.venue, e.address, e.event_date, e.capacity,
       i.available AS available_tickets, i.booked AS booked_tickets, i.held AS held_tickets,
       i.waiting AS waitlist_length, e.price, e.currency, e.category, e.image_url,
       CASE WHEN e.status = 'active' AND e.event_date <= now() THEN 'completed' ELSE e.status END AS status,
       e.status AS stored_status, e.created_by, e.created_by_name, e.created_at, e.updated_at,
       e.details_version, i.version AS counts_version, e.search, e.seated
  FROM events e JOIN event_inventory i ON i.event_id = e.id
 WHERE e.deleted_at IS NULL;

CREATE OR REPLACE VIEW waitlist_view WITH (security_invoker = true) AS
SELECT w.id, w.event_id, e.name AS event_name, e.event_date, w.user_id, w.quantity, w.sequence,
       CASE WHEN w.status = 'notified'
                 AND (w.expires_at <= now() OR e.status = 'active' AND e.event_date <= now()) THEN 'expired'
            WHEN w.status = 'waiting' AND e.status = 'active' AND e.event_date <= now() THEN 'closed'
            ELSE w.status END AS status,
       w.joined_at, w.notified_at,
       CASE WHEN w.expires_at IS NOT NULL THEN least(w.expires_at, e.event_date) END AS expires_at,
       w.sections, w.seats
  FROM waitlist_entries w JOIN events e ON e.id = w.event_id;

-- A hold as readers see it: over at its end or at the event's date, whether or not a clock has run yet.
CREATE VIEW hold_view WITH (security_invoker = true) AS
SELECT h.id, h.event_id, h.user_id, h.quantity, h.unit_price, h.amount, h.currency, h.seats,
       CASE WHEN h.status = 'open' AND least(h.expires_at, e.event_date) <= now() THEN 'expired'
            ELSE h.status END AS status,
       h.held_at, least(h.expires_at, e.event_date) AS expires_at, h.is_extended
  FROM holds h JOIN events e ON e.id = h.event_id;

-- Rights (see 0040_row_security.sql). --------------------------------------------------------------------------------

ALTER TABLE seat_plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE blocked_seats ENABLE ROW LEVEL SECURITY;
ALTER TABLE sold_seats ENABLE ROW LEVEL SECURITY;
ALTER TABLE holds ENABLE ROW LEVEL SECURITY;

CREATE POLICY silo ON seat_plans TO eventflux_silo USING (true);
CREATE POLICY silo ON blocked_seats TO eventflux_silo USING (true);
CREATE POLICY silo ON sold_seats TO eventflux_silo USING (true);
CREATE POLICY silo ON holds TO eventflux_silo USING (true);
CREATE POLICY own ON holds FOR SELECT TO eventflux_user USING (user_id = (SELECT reading_user()));
-- Retention removes what has ended.
CREATE POLICY only_ended ON holds AS RESTRICTIVE FOR DELETE TO eventflux_silo USING (status <> 'open');

GRANT SELECT, INSERT, UPDATE ON seat_plans TO eventflux_silo;
GRANT SELECT, INSERT, UPDATE, DELETE ON blocked_seats, holds TO eventflux_silo;
GRANT SELECT, INSERT, DELETE ON sold_seats TO eventflux_silo;
GRANT SELECT ON hold_view TO eventflux_silo, eventflux_user;
GRANT SELECT ON holds TO eventflux_user;

-- Who holds tickets sees the event by name, too.
CREATE OR REPLACE FUNCTION reading_user_holds(p_event_id uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
  RETURN EXISTS (SELECT FROM bookings WHERE event_id = p_event_id AND user_id = reading_user())
      OR EXISTS (SELECT FROM waitlist_entries WHERE event_id = p_event_id AND user_id = reading_user())
      OR EXISTS (SELECT FROM holds WHERE event_id = p_event_id AND user_id = reading_user());
END $$;
