# The silo: REST API and Orleans in one process. Configuration comes from the environment alone (README, Configuration).

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# What decides about packages first: a change of code alone restores nothing.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/EventFlux.Contracts/EventFlux.Contracts.csproj src/EventFlux.Contracts/
COPY src/EventFlux.Grains/EventFlux.Grains.csproj src/EventFlux.Grains/
COPY src/EventFlux.Silo/EventFlux.Silo.csproj src/EventFlux.Silo/
RUN dotnet restore src/EventFlux.Silo --use-current-runtime -p:PublishReadyToRun=true

# The migrations in sql/ are built into the assembly.
COPY sql/ sql/
COPY src/ src/
# Compiled ahead (ReadyToRun), which the start would do otherwise. What is called often is compiled again for speed
# while it runs, as ever.
RUN dotnet publish src/EventFlux.Silo -c Release --no-restore -o /published -p:UseAppHost=false \
    --use-current-runtime --self-contained false -p:PublishReadyToRun=true

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /published ./
COPY --chmod=755 deploy/healthcheck.sh /usr/local/bin/healthcheck

# Without it the silo would take itself for a developer's: sample accounts, and HTTP on loopback.
ENV ASPNETCORE_ENVIRONMENT=Production

# HTTP; between silos; for Orleans clients. Only the first is for people.
EXPOSE 3000 11111 30000

# The base image's own unprivileged user.
USER $APP_UID

# A first start migrates before it serves.
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 CMD ["healthcheck"]

# No shell in between: SIGTERM must reach the silo, which then drains and ends with 0.
ENTRYPOINT ["dotnet", "EventFlux.Silo.dll"]
