set -e
podcli check http "$DATABASE_URL/readyz"
step=1
while [ "$step" -le "$ROLLUP_STEPS" ]; do
    echo "step $step of $ROLLUP_STEPS"
    sleep 10
    step=$((step + 1))
done
