-- Events, their inventory, bookings and waitlist. Written by the event's own commits and by nothing else (retention
-- apart); everything else reads. The constraints are the last line of defence: the grain decides, and a commit that
-- would break one of them fails as a whole.
--
-- There are no foreign keys to events: rows of events are never removed, and each check would lock the event's row on
-- the way of a sale.

-- What an event is. Rewritten only when an organiser edits it, never by a sale.
CREATE TABLE events (
  id              uuid           PRIMARY KEY,
  name            text           NOT NULL CHECK (char_length(name) BETWEEN 3 AND 255),
  description     text           CHECK (char_length(description) <= 2000),
  venue           text           NOT NULL CHECK (char_length(venue) BETWEEN 3 AND 255),
  address         text           CHECK (char_length(address) <= 500),
  event_date      timestamptz    NOT NULL,
  price           numeric(9, 2)  NOT NULL CHECK (price BETWEEN 0 AND 1000000),
  currency        text           NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  category        text           CHECK (char_length(category) <= 100),
  image_url       text           CHECK (char_length(image_url) <= 2000),
  capacity        integer        NOT NULL CHECK (capacity BETWEEN 1 AND 1000000),
  status          text           NOT NULL CHECK (status IN ('draft', 'active', 'cancelled', 'completed')),
  details_version bigint         NOT NULL CHECK (details_version >= 1),
  created_by      uuid           NOT NULL,
  created_by_name text           NOT NULL,
  created_at      timestamptz    NOT NULL,
  updated_at      timestamptz    NOT NULL,
  -- A deleted event is gone for every reader, but its cancelled bookings and closed waitlist entries still name it.
  deleted_at      timestamptz,
  -- 'simple': names and venues come in every language, and a stemmer for the wrong one loses words.
  search          tsvector       GENERATED ALWAYS AS (
                    setweight(to_tsvector('simple', name), 'A')
                    || setweight(to_tsvector('simple', venue), 'B')
                    || setweight(to_tsvector('simple', coalesce(description, '')), 'C')) STORED,
  UNIQUE (id, capacity)
);

-- What public lists filter and sort by; each index ends in the id, so that paging has one order.
CREATE INDEX events_by_date ON events (event_date, id) WHERE deleted_at IS NULL AND status = 'active';
CREATE INDEX events_by_price ON events (price, id) WHERE deleted_at IS NULL AND status = 'active';
CREATE INDEX events_by_capacity ON events (capacity, id) WHERE deleted_at IS NULL AND status = 'active';
CREATE INDEX events_by_name ON events (lower(name), id) WHERE deleted_at IS NULL AND status = 'active';
CREATE INDEX events_by_category ON events (lower(category), event_date, id)
  WHERE deleted_at IS NULL AND status = 'active';
CREATE INDEX events_by_words ON events USING gin (search);

-- The counters, apart from the details, because every commit rewrites this row: a narrow row with room on its page is
-- updated in place (HOT) and no index is touched.
-- version is the fence: a commit names the version that it builds on and moves it on by one.
CREATE TABLE event_inventory (
  event_id  uuid    PRIMARY KEY,
  version   bigint  NOT NULL CHECK (version >= 1),
  capacity  integer NOT NULL,
  available integer NOT NULL CHECK (available >= 0),
  booked    integer NOT NULL CHECK (booked >= 0),
  held      integer NOT NULL CHECK (held >= 0),
  waiting   integer NOT NULL CHECK (waiting >= 0),
  CONSTRAINT event_inventory_adds_up CHECK (available + booked + held = capacity),
  -- The capacity stands in both tables (lists sort by it there, the identity needs it here) and can't differ at commit.
  -- Checked only when one of them changes.
  CONSTRAINT event_inventory_capacity FOREIGN KEY (event_id, capacity) REFERENCES events (id, capacity)
    DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 40);

CREATE TABLE bookings (
  id           uuid          PRIMARY KEY,
  event_id     uuid          NOT NULL,
  user_id      uuid          NOT NULL,
  reference    text          NOT NULL,
  quantity     integer       NOT NULL CHECK (quantity >= 1),
  unit_price   numeric(9, 2) NOT NULL CHECK (unit_price >= 0),
  currency     text          NOT NULL,
  status       text          NOT NULL DEFAULT 'confirmed' CHECK (status IN ('confirmed', 'cancelled')),
  booked_at    timestamptz   NOT NULL,
  cancelled_at timestamptz,
  CONSTRAINT bookings_reference_unique UNIQUE (reference),
  CONSTRAINT bookings_cancelled_has_time CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL))
);

-- One confirmed booking per user and event; also what an activation reads.
CREATE UNIQUE INDEX bookings_one_confirmed ON bookings (event_id, user_id) INCLUDE (id, quantity)
  WHERE status = 'confirmed';
CREATE INDEX bookings_by_user ON bookings (user_id, booked_at DESC, id DESC);
CREATE INDEX bookings_by_event ON bookings (event_id, booked_at DESC, id DESC);
-- For retention.
CREATE INDEX bookings_by_cancellation ON bookings (cancelled_at, id) WHERE status = 'cancelled';

CREATE TABLE waitlist_entries (
  id          uuid        PRIMARY KEY,
  event_id    uuid        NOT NULL,
  user_id     uuid        NOT NULL,
  -- The order of joining, counted by the event: the queue's only order.
  sequence    bigint      NOT NULL,
  quantity    integer     NOT NULL CHECK (quantity >= 1),
  status      text        NOT NULL DEFAULT 'waiting'
              CHECK (status IN ('waiting', 'notified', 'converted', 'expired', 'left', 'closed')),
  joined_at   timestamptz NOT NULL,
  notified_at timestamptz,
  expires_at  timestamptz,
  ended_at    timestamptz,
  CONSTRAINT waitlist_sequence_unique UNIQUE (event_id, sequence),
  CONSTRAINT waitlist_offer_has_times CHECK ((notified_at IS NULL) = (expires_at IS NULL)
                                             AND (status <> 'notified' OR expires_at IS NOT NULL)),
  CONSTRAINT waitlist_end_has_time CHECK ((status IN ('waiting', 'notified')) = (ended_at IS NULL))
);

-- One open entry per user and event; also what an activation reads.
CREATE UNIQUE INDEX waitlist_one_open ON waitlist_entries (event_id, user_id) WHERE status IN ('waiting', 'notified');
-- The queue in order, and the count of those ahead: index-only.
CREATE INDEX waitlist_queue ON waitlist_entries (event_id, sequence) WHERE status = 'waiting';
CREATE INDEX waitlist_by_user ON waitlist_entries (user_id, joined_at DESC, id DESC);
-- What the minute sweep finds due.
CREATE INDEX waitlist_open_offers ON waitlist_entries (expires_at, id) WHERE status = 'notified';

-- A client's key beside what it led to, written in the same commit. Bookings and the waitlist have keys of their own.
-- Insertion never fails a commit: of two requests that race with one key for two events both are valid, and the first
-- committed keeps the key.
CREATE TABLE idempotency_keys (
  user_id      uuid        NOT NULL,
  scope        text        NOT NULL CHECK (scope IN ('booking', 'waitlist')),
  key          text        NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
  request_hash bytea       NOT NULL,
  resource_id  uuid        NOT NULL,
  created_at   timestamptz NOT NULL,
  PRIMARY KEY (user_id, scope, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- One row an event and UTC day, added to by every commit, so reports are exact at any instant and cheap to read.
CREATE TABLE booking_analytics (
  event_id       uuid           NOT NULL,
  day            date           NOT NULL,
  bookings       integer        NOT NULL DEFAULT 0 CHECK (bookings >= 0),
  tickets        integer        NOT NULL DEFAULT 0 CHECK (tickets >= 0),
  revenue        numeric(20, 2) NOT NULL DEFAULT 0 CHECK (revenue >= 0),
  cancellations  integer        NOT NULL DEFAULT 0 CHECK (cancellations >= 0),
  refunded       numeric(20, 2) NOT NULL DEFAULT 0 CHECK (refunded >= 0),
  waitlist_joins integer        NOT NULL DEFAULT 0 CHECK (waitlist_joins >= 0),
  offers         integer        NOT NULL DEFAULT 0 CHECK (offers >= 0),
  conversions    integer        NOT NULL DEFAULT 0 CHECK (conversions >= 0),
  PRIMARY KEY (event_id, day)
) WITH (fillfactor = 60);
CREATE INDEX booking_analytics_by_day ON booking_analytics (day);

-- What happened, one row a fact, for whoever delivers it later (e-mail, webhook, live stream). One event's commits
-- follow one another and insert their facts in order, so an event's facts are in the order of their ids.
CREATE TABLE outbox (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id    uuid        NOT NULL,
  kind        text        NOT NULL,
  subject_id  uuid        NOT NULL,
  user_id     uuid,
  quantity    integer,
  occurred_at timestamptz NOT NULL
);

-- The fence. Moves an event's counters on from the version that the caller builds on, or fails the whole transaction:
-- with it in front, a commit by an activation that is out of date changes nothing.
CREATE FUNCTION fence_event(
  p_event_id uuid, p_version bigint,
  p_capacity integer, p_available integer, p_booked integer, p_held integer, p_waiting integer)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE event_inventory
     SET version = version + 1, capacity = p_capacity, available = p_available,
         booked = p_booked, held = p_held, waiting = p_waiting
   WHERE event_id = p_event_id AND version = p_version;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the event has moved on from version %', p_version USING ERRCODE = 'EF001';
  END IF;
END $$;

-- How readers see an event: its details and counts, and the status that its date gives it, whether or not a clock has
-- run yet. A deleted event stays out of it.
CREATE VIEW event_view AS
SELECT e.id, e.name, e.description, e.venue, e.address, e.event_date, e.capacity,
       i.available AS available_tickets, i.booked AS booked_tickets, i.held AS held_tickets,
       i.waiting AS waitlist_length, e.price, e.currency, e.category, e.image_url,
       CASE WHEN e.status = 'active' AND e.event_date <= now() THEN 'completed' ELSE e.status END AS status,
       e.status AS stored_status, e.created_by, e.created_by_name, e.created_at, e.updated_at,
       e.details_version, i.version AS counts_version, e.search
  FROM events e JOIN event_inventory i ON i.event_id = e.id
 WHERE e.deleted_at IS NULL;

-- How readers see a waitlist entry: an offer is over at its end or at the event's date, whichever comes first, whether
-- or not a clock has run yet.
CREATE VIEW waitlist_view AS
SELECT w.id, w.event_id, e.name AS event_name, e.event_date, w.user_id, w.quantity, w.sequence,
       CASE WHEN w.status = 'notified'
                 AND (w.expires_at <= now() OR e.status = 'active' AND e.event_date <= now()) THEN 'expired'
            WHEN w.status = 'waiting' AND e.status = 'active' AND e.event_date <= now() THEN 'closed'
            ELSE w.status END AS status,
       w.joined_at, w.notified_at,
       -- least() of nothing and a date would be the date.
       CASE WHEN w.expires_at IS NOT NULL THEN least(w.expires_at, e.event_date) END AS expires_at
  FROM waitlist_entries w JOIN events e ON e.id = w.event_id;

-- What a person types into a search box, as a query: quotes, OR and - as usual, and the last word may be a beginning.
-- Never fails, whatever is typed: a query without words, or one that ends in an excluded phrase, stays as it is.
CREATE FUNCTION search_query(words text) RETURNS tsquery LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN numnode(query) = 0 OR query::text LIKE '%)' THEN query ELSE (query::text || ':*')::tsquery END
    FROM websearch_to_tsquery('simple', words) AS query
$$;
