# Prod as it will be, but for size and spare parts: every deploy goes here first.
environment = "staging"

# These five are examples: put in your own.
account_id     = "111122223333"
region         = "eu-central-1"
domain_name    = "app.staging.flux.example"
hosted_zone_id = "Z00000000STAGING"
alarm_emails   = ["alarms@flux.example"]

availability_zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
cidr_block         = "10.20.0.0/16"

database   = { engine = "rds", size = "small", storage_gib = 20 }
cache_size = "micro"
capacity   = { api_concurrency = 15, ingest_concurrency = 5, requests_per_second = 50 }

monthly_budget_usd     = 250
cache_password_version = 1
