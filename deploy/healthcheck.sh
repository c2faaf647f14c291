#!/bin/bash
# Ends with 0 when the silo of this container takes requests. By bash alone: the runtime image has no curl, and starting
# a .NET process every few seconds would cost more than what it checks.
exec 2>/dev/null
exec 3<>"/dev/tcp/127.0.0.1/${PORT:-3000}" || exit 1
printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 3 -u 3 _ status _
[ "$status" = 200 ]
