# For those who work on Flux: small, and gone without a trace when nobody needs it.
environment = "dev"

# These five are examples: put in your own.
account_id     = "111122223333"
region         = "eu-central-1"
domain_name    = "app.dev.flux.example"
hosted_zone_id = "Z0000000000DEV"
alarm_emails   = ["alarms@flux.example"]

availability_zones = ["eu-central-1a", "eu-central-1b"]
cidr_block         = "10.10.0.0/16"

database   = { engine = "rds", size = "small", storage_gib = 20 }
cache_size = "micro"
capacity   = { api_concurrency = 10, ingest_concurrency = 2, requests_per_second = 20 }

monthly_budget_usd     = 200
cache_password_version = 1
