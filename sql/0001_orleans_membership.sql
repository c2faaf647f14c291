-- Orleans clustering: which silos form a cluster, and the query table from which every Orleans ADO.NET provider
-- takes its SQL. All names are lower case and unquoted: the providers ask for an unqualified OrleansQuery, which
-- PostgreSQL folds to lower case and looks up on the search path. Result columns are found whatever their case.
-- Each query text is one statement unless it says otherwise, because the providers open no transaction of their own;
-- READ COMMITTED, PostgreSQL's default, is what the reasoning below builds on.

create table orleansquery (
  querykey  text primary key,
  querytext text not null
);

-- One row a cluster. Its version is the lock of the whole membership: whoever changes a silo's row must move the
-- version from the value that it read, so two silos never act on different pictures of the cluster.
create table orleans_clusters (
  deploymentid text primary key,
  version      integer not null default 0 check (version >= 0)
);

-- One row a silo process; a restart is a new generation, thus a new row. Dead rows are taken away by the clean-up
-- that Orleans runs (by age and by number), so the table stays at some tens of rows.
-- proxyport and siloname are not null because the provider can't read a null there; 0 stands for "no gateway".
-- address is text, not inet, because it is bound and read as a string.
create table orleans_silos (
  deploymentid text not null references orleans_clusters (deploymentid) on delete cascade,
  address      text not null,
  port         integer not null,
  generation   integer not null,
  siloname     text not null,
  hostname     text not null,
  status       integer not null,
  proxyport    integer not null,
  suspecttimes text,
  starttime    timestamptz not null,
  iamalivetime timestamptz not null,
  primary key (deploymentid, address, port, generation)
);

-- Everything that locks rows here locks the silo first and the cluster second, so no two statements deadlock.

insert into orleansquery (querykey, querytext) values

-- Every silo does this when it starts; only the first of them creates the row, the others see it and answer false.
('InsertMembershipVersionKey', $$
with created as (
  insert into orleans_clusters (deploymentid) values (@DeploymentId)
  on conflict (deploymentid) do nothing
  returning deploymentid
)
select exists (select from created) as created
$$),

-- The outer join answers the version even while there are no silos: the reader needs it for its first insert.
-- One statement means one snapshot, so version and rows belong together.
('MembershipReadAllKey', $$
select c.version, s.address, s.port, s.generation, s.siloname, s.hostname, s.status, s.proxyport,
       s.suspecttimes, s.starttime, s.iamalivetime
from orleans_clusters c
left join orleans_silos s on s.deploymentid = c.deploymentid
where c.deploymentid = @DeploymentId
$$),

-- As above for one silo. The silo is named in the join, not in the where clause, so that an unknown silo still
-- answers the version, with nulls beside it.
('MembershipReadRowKey', $$
select c.version, s.address, s.port, s.generation, s.siloname, s.hostname, s.status, s.proxyport,
       s.suspecttimes, s.starttime, s.iamalivetime
from orleans_clusters c
left join orleans_silos s
  on s.deploymentid = c.deploymentid
  and s.address = @Address and s.port = @Port and s.generation = @Generation
where c.deploymentid = @DeploymentId
$$),

-- Compare-and-swap, then insert only if the swap took place. A rival with the same expected version waits for the row
-- lock, finds the version moved and changes nothing; the loser's answer is false, never an exception, which
-- Orleans would take for a broken database. A silo that exists already stops the swap as well, so the version
-- moves only together with a row. No other silo row can slip in between: inserting one moves the version.
-- The last possible version is refused instead of overflowing.
('InsertMembershipKey', $$
with swapped as (
  update orleans_clusters
  set version = version + 1
  where deploymentid = @DeploymentId
    and version = @Version
    and version < 2147483647
    and not exists (
      select from orleans_silos
      where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
  returning deploymentid
), inserted as (
  insert into orleans_silos (deploymentid, address, port, generation, siloname, hostname, status, proxyport,
                             starttime, iamalivetime)
  select deploymentid, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort,
         @StartTime, @IAmAliveTime
  from swapped
  returning deploymentid
)
select exists (select from inserted) as inserted
$$),

-- The same for a change. The silo's row is locked before the version is swapped: clean-up removes rows without
-- moving the version, and could otherwise take the row away between the test and the update, which
-- would leave a moved version with no change behind it.
('UpdateMembershipKey', $$
with locked as (
  select deploymentid
  from orleans_silos
  where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation
  for update
), swapped as (
  update orleans_clusters
  set version = version + 1
  where deploymentid = @DeploymentId
    and version = @Version
    and version < 2147483647
    and exists (select from locked)
  returning deploymentid
), updated as (
  update orleans_silos s
  set status = @Status, suspecttimes = @SuspectTimes, iamalivetime = @IAmAliveTime
  from swapped
  where s.deploymentid = swapped.deploymentid
    and s.address = @Address and s.port = @Port and s.generation = @Generation
  returning s.deploymentid
)
select exists (select from updated) as updated
$$),

-- A heartbeat is no change of membership: it leaves the version alone, so it never makes a real change fail.
('UpdateIAmAlivetimeKey', $$
update orleans_silos
set iamalivetime = @IAmAliveTime
where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$$),

-- Two statements, sent as one implicit transaction. The first keeps the order of locks; the foreign key's cascade
-- takes a silo that joined between the two.
('DeleteMembershipTableEntriesKey', $$
delete from orleans_silos where deploymentid = @DeploymentId;
delete from orleans_clusters where deploymentid = @DeploymentId
$$),

-- For clients outside the cluster. A silo without a gateway has port 0 and is no way in.
('GatewaysQueryKey', $$
select address, proxyport, generation
from orleans_silos
where deploymentid = @DeploymentId and status = @Status and proxyport > 0
$$),

-- Only status 6 (Dead) goes: a silo that is joining or leaving may well be silent for a while and still live.
-- A row with votes stays, however old its heartbeat, since the verdict itself may be news to other silos; the next
-- query judges those by their votes' times. A provider that knows the next query uses only that one.
('CleanupDefunctSiloEntriesKey', $$
delete from orleans_silos
where deploymentid = @DeploymentId
  and status = 6
  and starttime < @IAmAliveTime
  and iamalivetime < @IAmAliveTime
  and coalesce(suspecttimes, '') = ''
$$),

-- The provider chose this row from an earlier read; it goes only if nothing has touched it since. No votes are stored
-- as null but may come back as an empty text: both mean none.
('CleanupDefunctSiloEntryKey', $$
delete from orleans_silos
where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation
  and status = 6
  and starttime = @StartTime
  and iamalivetime = @IAmAliveTime
  and coalesce(suspecttimes, '') = coalesce(@SuspectTimes, '')
$$)

-- A later migration changes a query by the same form of insert.
on conflict (querykey) do update set querytext = excluded.querytext;
