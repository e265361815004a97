# What restaurants use.
environment = "prod"

# These five are examples: put in your own.
account_id     = "111122223333"
region         = "eu-central-1"
domain_name    = "app.flux.example"
hosted_zone_id = "Z00000000000PROD"
alarm_emails   = ["alarms@flux.example"]

availability_zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
cidr_block         = "10.30.0.0/16"

database   = { engine = "rds", size = "medium", storage_gib = 100 }
cache_size = "small"
capacity   = { api_concurrency = 40, ingest_concurrency = 15, requests_per_second = 200 }

monthly_budget_usd     = 700
cache_password_version = 1
