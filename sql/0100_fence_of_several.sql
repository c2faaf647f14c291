-- What a statement that moves the counters of several events on does when some had moved already: the whole transaction
-- fails as by fence_event.
CREATE FUNCTION refuse_commit() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'one of the events has moved on' USING ERRCODE = 'EF001';
END $$;
