-- Orleans grain storage: one row for each grain's named state, replaced as a whole by every write. The row stays after
-- a clear and goes with a delete, so the table grows with the number of grains and with nothing else.

-- What a row is: the state's name (graintypestring; the grain's class is NOT part of it, so every grain class needs its
-- own state name), the grain's key in up to three parts, and the service. The hashes that the provider also offers
-- are left out: the unique key finds a row as fast without them.
create table orleans_storage (
  graintypestring        text not null check (length(graintypestring) <= 128),
  grainidn0              bigint not null,
  grainidn1              bigint not null,
  -- The text of a string key, or null for a number or a GUID. The limit keeps an index entry well below what a
  -- B-tree page takes, and says so by name instead of by a message about pages.
  grainidextensionstring text check (length(grainidextensionstring) <= 512),
  serviceid              text not null check (length(serviceid) <= 128),
  -- Null after a clear. Each write sends the whole state: one that outgrows this limit belongs in a table of its own.
  payloadbinary          bytea check (octet_length(payloadbinary) <= 1048576),
  version                integer not null,
  modifiedon             timestamptz not null default now(),
  -- Two activations of one grain can both write first. Only a unique key lets exactly one of them win; and nulls
  -- have to count as equal, or it would not hold for grains whose key is a number or a GUID.
  -- The numbers come first because they tell most rows apart in one comparison.
  constraint orleans_storage_identity unique nulls not distinct
    (grainidn1, grainidn0, graintypestring, grainidextensionstring, serviceid)
);

-- In every query: the extension is compared by "equal, or both null" and not by "is not distinct from", which
-- can't use the index, so all string-keyed grains of a kind would be read to find one.
-- A conflict is told by answering no row: the provider turns that into an InconsistentStateException, which makes
-- the activation that lost step down and read again.

insert into orleansquery (querykey, querytext) values

('ReadFromStorageKey', $$
select payloadbinary, version
from orleans_storage
where grainidn1 = @GrainIdN1 and grainidn0 = @GrainIdN0
  and graintypestring = @GrainTypeString and serviceid = @ServiceId
  and (grainidextensionstring = @GrainIdExtensionString
       or (grainidextensionstring is null and @GrainIdExtensionString is null))
$$),

-- Without a version the writer has seen no row: insert, unless somebody else was faster; the unique key decides.
-- With a version the writer has seen that one, perhaps cleared: replace, if it is still that one. A null equals
-- nothing, so a first write never comes through the update. Two updates of one version queue on the row lock, and the
-- second then finds another version there.
('WriteToStorageKey', $$
with updated as (
  update orleans_storage
  set payloadbinary = @PayloadBinary, version = version + 1, modifiedon = now()
  where grainidn1 = @GrainIdN1 and grainidn0 = @GrainIdN0
    and graintypestring = @GrainTypeString and serviceid = @ServiceId
    and (grainidextensionstring = @GrainIdExtensionString
         or (grainidextensionstring is null and @GrainIdExtensionString is null))
    and version = @GrainStateVersion
  returning version
), inserted as (
  insert into orleans_storage (graintypestring, grainidn0, grainidn1, grainidextensionstring, serviceid,
                               payloadbinary, version)
  select @GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString, @ServiceId, @PayloadBinary, 1
  where @GrainStateVersion is null
  on conflict on constraint orleans_storage_identity do nothing
  returning version
)
select version as newgrainstateversion from updated
union all
select version from inserted
$$),

-- The row outlives its payload, and its version goes on counting: a writer from before the clear can't come back.
('ClearStorageKey', $$
update orleans_storage
set payloadbinary = null, version = version + 1, modifiedon = now()
where grainidn1 = @GrainIdN1 and grainidn0 = @GrainIdN0
  and graintypestring = @GrainTypeString and serviceid = @ServiceId
  and (grainidextensionstring = @GrainIdExtensionString
       or (grainidextensionstring is null and @GrainIdExtensionString is null))
  and version = @GrainStateVersion
returning version as newgrainstateversion
$$),

-- For providers that delete on clear. The answer is the version that a clear would have written: the provider only
-- wants to see that it is not the one it sent.
('DeleteStorageKey', $$
delete from orleans_storage
where grainidn1 = @GrainIdN1 and grainidn0 = @GrainIdN0
  and graintypestring = @GrainTypeString and serviceid = @ServiceId
  and (grainidextensionstring = @GrainIdExtensionString
       or (grainidextensionstring is null and @GrainIdExtensionString is null))
  and version = @GrainStateVersion
returning version + 1 as newgrainstateversion
$$)

on conflict (querykey) do update set querytext = excluded.querytext;
