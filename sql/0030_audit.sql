-- Who changed what: what admins and creators do to events and to other people's bookings, and every change of
-- credentials. Each row is written in the transaction of the change that it tells of, so there is no change without its
-- row and no row without its change. Ids alone and no secret: rows are kept for ever, so they name nobody.
CREATE TABLE audit_log (
  -- In one event's or user's history, the order of what happened.
  id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  occurred_at  timestamptz NOT NULL,
  -- Null: the system itself.
  actor_id     uuid,
  -- What the actor's token said then.
  actor_role   text        CHECK (actor_role IN ('user', 'admin')),
  action       text        NOT NULL CHECK (action IN (
                 'event.create', 'event.update', 'event.delete', 'event.cancel', 'booking.cancel',
                 'user.register', 'user.role', 'user.password', 'user.delete')),
  subject_id   uuid        NOT NULL,
  -- {"member": {"old": "text", "new": "text"}}: the members that differ; a side is missing where there was none.
  changes      jsonb       NOT NULL DEFAULT '{}',
  -- Leads to the request in logs and traces.
  trace_id     text
);

CREATE INDEX audit_log_by_time ON audit_log (occurred_at DESC, id DESC);
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, occurred_at DESC, id DESC);
CREATE INDEX audit_log_by_subject ON audit_log (subject_id, occurred_at DESC, id DESC);
CREATE INDEX audit_log_by_action ON audit_log (action, occurred_at DESC, id DESC);

-- Append-only, for the table's owner too, and whatever session_replication_role says. There is no retention: who must
-- remove rows has to take the trigger away first, which nothing in the program does.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log only grows' USING ERRCODE = 'EF003';
END $$;

CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_only_grows;

-- The credentials' half: a user's stored state says by whom role or password were last changed. A write that changes
-- neither (a new name, a dearer hash of the same password) leaves no row.
CREATE FUNCTION audit_user() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  old_state jsonb;
  new_state jsonb;
BEGIN
  IF TG_OP <> 'INSERT' THEN old_state := convert_from(OLD.payloadbinary, 'UTF8')::jsonb; END IF;
  IF TG_OP <> 'DELETE' THEN new_state := convert_from(NEW.payloadbinary, 'UTF8')::jsonb; END IF;

  IF new_state IS NULL THEN
    IF old_state IS NOT NULL THEN
      INSERT INTO audit_log (occurred_at, action, subject_id)
      VALUES (clock_timestamp(), 'user.delete', (old_state ->> 'id')::uuid);
    END IF;
    RETURN NULL;
  END IF;

  IF old_state ->> 'credential_version' IS NOT DISTINCT FROM new_state ->> 'credential_version' THEN RETURN NULL; END IF;
  INSERT INTO audit_log (occurred_at, actor_id, actor_role, action, subject_id, changes, trace_id)
  SELECT (new_state ->> 'updated_at')::timestamptz, (new_state ->> 'changed_by')::uuid, new_state ->> 'changed_by_role',
         CASE WHEN old_state IS NULL THEN 'user.register' WHEN role_differs THEN 'user.role' ELSE 'user.password' END,
         (new_state ->> 'id')::uuid,
         CASE WHEN role_differs
              THEN jsonb_build_object(
                     'role', jsonb_strip_nulls(jsonb_build_object('old', old_state -> 'role', 'new', new_state -> 'role')))
              ELSE '{}' END,
         new_state ->> 'changed_in'
    FROM (SELECT old_state ->> 'role' IS DISTINCT FROM new_state ->> 'role' AS role_differs) AS credentials;
  RETURN NULL;
END $$;

-- After users_follow_state, in the order of their names: what no user may be is refused there first.
CREATE TRIGGER users_leave_audit AFTER INSERT OR UPDATE ON orleans_storage
  FOR EACH ROW WHEN (NEW.graintypestring = 'user') EXECUTE FUNCTION audit_user();
CREATE TRIGGER users_leave_audit_of_removal AFTER DELETE ON orleans_storage
  FOR EACH ROW WHEN (OLD.graintypestring = 'user') EXECUTE FUNCTION audit_user();
