# What is in an environment, and how it hangs together. The modules name each other's outputs: that is no circle as
# long as nobody writes depends_on on a module.

locals {
  name    = "flux-${var.environment}"
  web_url = "https://${var.domain_name}"

  # Made by bootstrap, for roles that a deploy may make.
  permissions_boundary_arn = "arn:aws:iam::${var.account_id}:policy/bootstrap/${local.name}-workload-boundary"

  # Every page is a file of that name in apps/web, and its folder is its address. (Names) in brackets are not part of it.
  web_pages = toset([for file in fileset("${path.root}/../apps/web/app", "**/page.tsx") :
    trim(replace(trimsuffix(file, "page.tsx"), "/\\([^/)]*\\)\\//", ""), "/")
  ])
}

module "network" {
  source = "./modules/network"

  environment              = var.environment
  cidr_block               = var.cidr_block
  availability_zones       = var.availability_zones
  logs_kms_key_arn         = module.security.logs_kms_key_arn
  permissions_boundary_arn = local.permissions_boundary_arn
}

module "security" {
  source = "./modules/security"

  environment                 = var.environment
  vpc_id                      = module.network.vpc_id
  endpoints_security_group_id = module.network.endpoints_security_group_id
  s3_prefix_list_id           = module.network.s3_prefix_list_id
  app_data_bucket_arn         = module.storage.app_data_bucket_arn
  uploads_prefix              = module.storage.uploads_prefix
  redis_url_secret_arn        = module.cache.redis_url_secret_arn
  admin_secret_arn            = module.database.secret_arns.admin
  dead_letter_queue_arn       = module.ingestion.dead_letter_queue_arn
  mail_identity_arn           = local.mail_identity_arn
  mail_from_address           = local.mail_from_address
  permissions_boundary_arn    = local.permissions_boundary_arn
}

module "storage" {
  source = "./modules/storage"

  environment = var.environment
  kms_key_arn = module.security.kms_key_arn
  web_origin  = local.web_url
}

module "database" {
  source = "./modules/database"

  environment              = var.environment
  engine                   = var.database.engine
  size                     = var.database.size
  storage_gib              = var.database.storage_gib
  vpc_id                   = module.network.vpc_id
  database_subnet_ids      = module.network.database_subnet_ids
  private_subnet_ids       = module.network.private_subnet_ids
  security_group_id        = module.security.database_security_group_id
  kms_key_arn              = module.security.kms_key_arn
  logs_kms_key_arn         = module.security.logs_kms_key_arn
  app_secret_arn           = module.security.secret_arns.app
  owner_secret_arn         = module.security.secret_arns.owner
  alarm_topic_arn          = module.monitoring.alarm_topic_arn
  permissions_boundary_arn = local.permissions_boundary_arn
}

module "cache" {
  source = "./modules/cache"

  environment        = var.environment
  size               = var.cache_size
  private_subnet_ids = module.network.private_subnet_ids
  security_group_id  = module.security.cache_security_group_id
  kms_key_arn        = module.security.kms_key_arn
  logs_kms_key_arn   = module.security.logs_kms_key_arn
  password           = var.cache_password
  password_version   = var.cache_password_version
  alarm_topic_arn    = module.monitoring.alarm_topic_arn
}

module "api" {
  source = "./modules/api"

  environment           = var.environment
  function_name         = module.security.function_names["api"]
  role_arn              = module.security.lambda_role_arns["api"]
  package               = { bucket = local.packages_bucket, key = local.package_keys.api }
  environment_variables = local.environment_variables.api
  concurrency           = var.capacity.api_concurrency
  requests_per_second   = var.capacity.requests_per_second
  private_subnet_ids    = module.network.private_subnet_ids
  security_group_id     = module.security.lambda_security_group_id
  logs_kms_key_arn      = module.security.logs_kms_key_arn
  web_origin            = local.web_url
  domain_name           = "api.${var.domain_name}"
  hosted_zone_id        = var.hosted_zone_id
}

module "ingestion" {
  source = "./modules/ingestion"

  environment           = var.environment
  function_names        = module.security.function_names
  role_arns             = module.security.lambda_role_arns
  packages              = { bucket = local.packages_bucket, ingest_key = local.package_keys.ingest, api_key = local.package_keys.api }
  environment_variables = local.environment_variables
  concurrency           = var.capacity.ingest_concurrency
  app_data_bucket       = module.storage.app_data_bucket
  app_data_bucket_arn   = module.storage.app_data_bucket_arn
  uploads_prefix        = module.storage.uploads_prefix
  private_subnet_ids    = module.network.private_subnet_ids
  security_group_id     = module.security.lambda_security_group_id
  kms_key_arn           = module.security.kms_key_arn
  logs_kms_key_arn      = module.security.logs_kms_key_arn
}

module "web" {
  source = "./modules/web"

  environment               = var.environment
  domain_name               = var.domain_name
  hosted_zone_id            = var.hosted_zone_id
  api_domain_name           = module.api.domain_name
  app_data_origin           = module.storage.app_data_origin
  pages                     = local.web_pages
  requests_per_five_minutes = 2000 # several people of one restaurant share an address
  logs_bucket               = module.storage.logs_bucket
  logs_bucket_arn           = module.storage.logs_bucket_arn
}

module "monitoring" {
  source = "./modules/monitoring"

  environment        = var.environment
  alarm_emails       = var.alarm_emails
  monthly_budget_usd = var.monthly_budget_usd
  web_url            = module.web.url
  http_api_id        = module.api.http_api_id
  functions = merge({ api = { name = module.api.function.name, timeout_seconds = module.api.timeout_seconds } }, {
    for function, timeout in module.ingestion.timeouts_seconds : function => { name = module.ingestion.functions[function].name, timeout_seconds = timeout }
  })
  dead_letter_queue_name   = module.ingestion.dead_letter_queue_name
  logs_bucket              = module.storage.logs_bucket
  logs_kms_key_arn         = module.security.logs_kms_key_arn
  permissions_boundary_arn = local.permissions_boundary_arn
}
