from shop.settings import settings
