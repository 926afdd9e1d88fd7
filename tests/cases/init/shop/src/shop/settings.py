from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str = "postgresql+asyncpg://localhost/shop"
    redis_url: str
    secret_key: str
    sender: str
    log_level: str = "info"
    smtp_password: str | None = None


settings = Settings()
