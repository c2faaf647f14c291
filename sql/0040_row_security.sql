-- Who may see and do what. Three parties:
--   the owner        of the tables: the login that runs these scripts. Row security is not forced on it: foreign keys,
--                    pg_dump, and the functions below that act for it must see every row.
--   eventflux_silo   what a silo works as: commits, Orleans' tables, maintenance, what the public and admins read.
--   eventflux_user   what a silo reads as on behalf of one user, whose id is the setting eventflux.user_id of the
--                    transaction. It sees that user's rows whatever the query says, and writes nothing.
-- Every table has row security, so one that a later script forgets to open is closed, not open. A table's rights are
-- those that the program uses, and no more.

-- Roles belong to the whole server: another database's migration may be making them at the same moment.
DO $$
DECLARE
  missing name;
BEGIN
  FOR attempt IN 1 .. 10 LOOP
    BEGIN
      FOREACH missing IN ARRAY ARRAY['eventflux_silo', 'eventflux_user'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = missing) THEN
          EXECUTE format('CREATE ROLE %I NOLOGIN', missing);
        END IF;
        -- The owner is a silo's login, too, where the operator gave only one. A superuser is everything's member.
        IF NOT pg_has_role(session_user, missing, 'MEMBER') THEN
          EXECUTE format('GRANT %I TO %I', missing, session_user);
        END IF;
      END LOOP;
      RETURN;
    EXCEPTION
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = format(
          'the login %1$I may not make the roles that silos work as; let a superuser run once: '
          'CREATE ROLE eventflux_silo; CREATE ROLE eventflux_user; GRANT eventflux_silo, eventflux_user TO %1$I;',
          session_user);
      -- The other one was faster; internal_error is "tuple concurrently updated".
      WHEN duplicate_object OR unique_violation OR internal_error THEN
        IF attempt = 10 THEN RAISE; END IF;
    END;
  END LOOP;
END $$;

-- Until the end of this script: the schema of the tables and nothing else. "FROM CURRENT" below takes it over, so that
-- what runs with the owner's rights can't be shown another table of the same name.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

DO $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO eventflux_silo, eventflux_user', current_schema());
END $$;

ALTER TABLE schema_migrations ENABLE ROW LEVEL SECURITY;
ALTER TABLE orleansquery ENABLE ROW LEVEL SECURITY;
ALTER TABLE orleans_clusters ENABLE ROW LEVEL SECURITY;
ALTER TABLE orleans_silos ENABLE ROW LEVEL SECURITY;
ALTER TABLE orleans_storage ENABLE ROW LEVEL SECURITY;
ALTER TABLE orleans_reminders ENABLE ROW LEVEL SECURITY;
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_inventory ENABLE ROW LEVEL SECURITY;
ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;
ALTER TABLE waitlist_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE booking_analytics ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;

-- The silo sees all rows. A condition that is always true is gone once a statement is planned, so a commit pays nothing.
CREATE POLICY silo ON schema_migrations TO eventflux_silo USING (true);
CREATE POLICY silo ON orleansquery TO eventflux_silo USING (true);
CREATE POLICY silo ON orleans_clusters TO eventflux_silo USING (true);
CREATE POLICY silo ON orleans_silos TO eventflux_silo USING (true);
CREATE POLICY silo ON orleans_storage TO eventflux_silo USING (true);
CREATE POLICY silo ON orleans_reminders TO eventflux_silo USING (true);
CREATE POLICY silo ON events TO eventflux_silo USING (true);
CREATE POLICY silo ON event_inventory TO eventflux_silo USING (true);
CREATE POLICY silo ON bookings TO eventflux_silo USING (true);
CREATE POLICY silo ON waitlist_entries TO eventflux_silo USING (true);
CREATE POLICY silo ON idempotency_keys TO eventflux_silo USING (true);
CREATE POLICY silo ON booking_analytics TO eventflux_silo USING (true);
CREATE POLICY silo ON outbox TO eventflux_silo USING (true);
CREATE POLICY silo ON users TO eventflux_silo USING (true);
CREATE POLICY silo ON audit_log TO eventflux_silo USING (true);

GRANT SELECT ON schema_migrations, orleansquery, event_view, waitlist_view TO eventflux_silo;
GRANT SELECT, INSERT, UPDATE ON orleans_clusters, orleans_storage TO eventflux_silo;
GRANT SELECT, INSERT, UPDATE, DELETE ON orleans_silos, orleans_reminders TO eventflux_silo;
GRANT SELECT, INSERT, UPDATE ON events, event_inventory, waitlist_entries, booking_analytics TO eventflux_silo;
-- Retention removes cancelled bookings, and keys and facts by their age.
GRANT SELECT, INSERT, UPDATE, DELETE ON bookings TO eventflux_silo;
CREATE POLICY only_cancelled ON bookings AS RESTRICTIVE FOR DELETE TO eventflux_silo USING (status = 'cancelled');
GRANT SELECT, INSERT, DELETE ON idempotency_keys, outbox TO eventflux_silo;
GRANT SELECT, INSERT ON audit_log TO eventflux_silo;
-- Written by the triggers on orleans_storage alone.
GRANT SELECT ON users TO eventflux_silo;
-- A table of the session's own must not take the audit log's place.
ALTER FUNCTION audit_user() SET search_path FROM CURRENT;
ALTER FUNCTION project_user() SECURITY DEFINER SET search_path FROM CURRENT;
ALTER FUNCTION forget_user() SECURITY DEFINER SET search_path FROM CURRENT;
-- Else a silo could hang them onto a table of its own.
REVOKE EXECUTE ON FUNCTION project_user(), forget_user() FROM PUBLIC;

-- Whom the transaction reads for; null when nobody was named, and null equals no id. The setting is empty, not absent,
-- once a transaction of the session has set it.
CREATE FUNCTION reading_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('eventflux.user_id', true), '')::uuid
$$;

-- As a subquery the setting is read once a statement, and compared with an index.
CREATE POLICY own ON bookings FOR SELECT TO eventflux_user USING (user_id = (SELECT reading_user()));
CREATE POLICY own ON waitlist_entries FOR SELECT TO eventflux_user USING (user_id = (SELECT reading_user()));
CREATE POLICY own ON idempotency_keys FOR SELECT TO eventflux_user USING (user_id = (SELECT reading_user()));
CREATE POLICY own ON users FOR SELECT TO eventflux_user USING (id = (SELECT reading_user()));
-- Whether the user has a booking of the event or a place in its queue, of whatever status; the policies above hold
-- here, too. A function, because a subquery in the policy would count as work for every row and spoil the plans.
CREATE FUNCTION reading_user_holds(p_event_id uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
  RETURN EXISTS (SELECT FROM bookings WHERE event_id = p_event_id AND user_id = reading_user())
      OR EXISTS (SELECT FROM waitlist_entries WHERE event_id = p_event_id AND user_id = reading_user());
END $$;

-- What the public sees; of drafts and deleted events those that the user made or that a row of the user still names.
CREATE POLICY visible ON events FOR SELECT TO eventflux_user USING (
  deleted_at IS NULL AND (status <> 'draft' OR created_by = (SELECT reading_user())) OR reading_user_holds(id));

GRANT SELECT ON bookings, waitlist_entries, waitlist_view, idempotency_keys, users, events TO eventflux_user;

-- Views look with the rights of who asks, else they would look with their owner's.
ALTER VIEW event_view SET (security_invoker = true);
ALTER VIEW waitlist_view SET (security_invoker = true);

-- A place in the queue counts other people's rows, which a user does not see: this tells the count and nothing else.
CREATE FUNCTION waitlist_position(p_event_id uuid, p_sequence bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  RETURN (SELECT count(*) FROM waitlist_entries
           WHERE event_id = p_event_id AND status = 'waiting' AND sequence <= p_sequence);
END $$;
REVOKE EXECUTE ON FUNCTION waitlist_position(uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION waitlist_position(uuid, bigint) TO eventflux_user;
