from fastapi import FastAPI

from shop.health import router as health

app = FastAPI(
    title="Shop",
)
app.include_router(health)
