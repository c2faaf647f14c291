-- Orleans reminders. Every silo reads all rows of its part of the hash ring every few minutes, so reminders have to be
-- few: a constant number of them, never one for each event or booking. A row goes when its grain unregisters.

create table orleans_reminders (
  serviceid    text not null,
  -- The grain's type and key, as in "maintenance/one".
  grainid      text not null,
  remindername text not null,
  starttime    timestamptz not null,
  -- Milliseconds. As an int it would end at 24.8 days.
  period       bigint not null check (period > 0),
  -- The grain's place on the ring. Orleans counts 0 to 2^32 - 1; bound as a signed int, the upper half is negative.
  grainhash    integer not null,
  version      integer not null default 0,
  primary key (serviceid, grainid, remindername)
);

-- Each silo asks for up to thirty ranges at once on every refresh.
create index orleans_reminders_ring on orleans_reminders (serviceid, grainhash);

insert into orleansquery (querykey, querytext) values

-- Registering again replaces, whoever does it. The version counts up, so a handle from before can't unregister what
-- came after. The period is bound as int or as bigint, after its size; the cast takes both.
('UpsertReminderRowKey', $$
insert into orleans_reminders as r (serviceid, grainid, remindername, starttime, period, grainhash)
values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period::bigint, @GrainHash)
on conflict (serviceid, grainid, remindername) do update
set starttime = excluded.starttime, period = excluded.period, grainhash = excluded.grainhash,
    version = r.version + 1
returning r.version
$$),

('ReadReminderRowKey', $$
select grainid, remindername, starttime, period, version
from orleans_reminders
where serviceid = @ServiceId and grainid = @GrainId and remindername = @ReminderName
$$),

('ReadReminderRowsKey', $$
select grainid, remindername, starttime, period, version
from orleans_reminders
where serviceid = @ServiceId and grainid = @GrainId
$$),

-- A range excludes its begin and includes its end. The provider compares both as signed numbers and asks with the
-- first query when begin is the smaller.
('ReadRangeRows1Key', $$
select grainid, remindername, starttime, period, version
from orleans_reminders
where serviceid = @ServiceId and grainhash > @BeginHash and grainhash <= @EndHash
$$),

-- Otherwise the range runs over the end of the signed numbers. With begin = end it is the whole ring: "above, or not
-- above" leaves nothing out.
('ReadRangeRows2Key', $$
select grainid, remindername, starttime, period, version
from orleans_reminders
where serviceid = @ServiceId and (grainhash > @BeginHash or grainhash <= @EndHash)
$$),

-- Only the version that the caller knows. When it is false the provider looks whether the reminder is gone (fine) or
-- was registered anew (the caller is told).
('DeleteReminderRowKey', $$
with deleted as (
  delete from orleans_reminders
  where serviceid = @ServiceId and grainid = @GrainId and remindername = @ReminderName and version = @Version
  returning version
)
select exists (select from deleted) as deleted
$$),

('DeleteReminderRowsKey', $$
delete from orleans_reminders where serviceid = @ServiceId
$$)

on conflict (querykey) do update set querytext = excluded.querytext;
