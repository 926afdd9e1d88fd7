set -e
key=$(hostname)
info=$(curl -fsS "$FRONTEND_URL/api/info")
curl -fsS -X POST -H "Content-Type: application/json" -d "$info" "$FRONTEND_URL/cache/$key"
[ "$(curl -fsS "$FRONTEND_URL/cache/$key")" = "$info" ]
