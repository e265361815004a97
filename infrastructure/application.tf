# What the Lambdas read from their environment (.env.example says what each means). Secrets go by their ARN.

locals {
  place_of_database = "postgresql://${module.database.host}:${module.database.port}/${module.database.database_name}?sslmode=require"
  place_of_admin    = replace(local.place_of_database, "/${module.database.database_name}?", "/postgres?") # there before ours is made

  settings = {
    # Whoever can reach dev from the internet must not find the defaults of a laptop.
    always   = { FLUX_ENV = var.environment == "prod" ? "production" : "staging" }
    database = { DATABASE_URL = local.place_of_database, DATABASE_URL_SECRET_ARN = module.database.secret_arns.app }
    owner    = { DATABASE_OWNER_URL = local.place_of_database, DATABASE_OWNER_URL_SECRET_ARN = module.database.secret_arns.owner }
    admin    = { DATABASE_ADMIN_URL = local.place_of_admin, DATABASE_ADMIN_URL_SECRET_ARN = module.database.secret_arns.admin }
    store    = { FLUX_STORE_BUCKET = module.storage.app_data_bucket }
    letters  = { FLUX_PUBLIC_URL = local.web_url, FLUX_MAIL_FROM = "Flux <${local.mail_from_address}>" }
    requests = {
      REDIS_URL_SECRET_ARN     = module.cache.redis_url_secret_arn
      FLUX_JWT_KEYS_SECRET_ARN = module.security.secret_arns.jwt_keys
      FLUX_PROXY_DEPTH         = "2" # CloudFront writes down whom it saw, the HTTP API that it saw CloudFront
    }
  }

  environment_variables = { for function, groups in {
    api     = ["always", "database", "store", "letters", "requests"]
    ingest  = ["always", "database", "store"]
    sweep   = ["always", "database", "store"]
    mail    = ["always", "database", "letters"]
    migrate = ["always", "database", "owner", "admin"]
  } : function => merge([for group in groups : local.settings[group]]...) }
}
