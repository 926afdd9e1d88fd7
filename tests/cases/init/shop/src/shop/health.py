from fastapi import APIRouter

router = APIRouter()


@router.get("/healthz")
async def healthz() -> None: ...


@router.get("/readyz")
async def readyz() -> None: ...
