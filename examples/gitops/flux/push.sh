#!/usr/bin/env bash
# Renders the tree, and pushes production as an OCI artifact, signed. Needs render, flux and cosign.
#
#   push.sh oci://ghcr.io/example/apps-prod
set -euo pipefail

artifact=$1
revision=$(git rev-parse HEAD)
branch=$(git rev-parse --abbrev-ref HEAD)
source=$(git config --get remote.origin.url)

render all -o deploy --check
digest=$(flux push artifact "$artifact:$revision" --path=deploy/k8s/prod --source="$source" \
    --revision="$branch@sha1:$revision" --reproducible --output json | sed -n 's/.*"digest": *"\([^"]*\)".*/\1/p')
cosign sign --yes "${artifact#oci://}@$digest"
flux tag artifact "$artifact:$revision" --tag "$branch"
