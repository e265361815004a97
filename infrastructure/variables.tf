variable "environment" {
  description = "Which of the three environments this is; the workspace has the same name."
  type        = string

  validation {
    condition     = var.environment == terraform.workspace
    error_message = "These are the variables of ${var.environment}, but the workspace is ${terraform.workspace}: run `terraform workspace select ${var.environment}`, or give -var-file=environments/${terraform.workspace}.tfvars."
  }
}

variable "account_id" {
  description = "The AWS account. Credentials of another one are refused."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "Set account_id to the 12 digits that `aws sts get-caller-identity` shows."
  }
}

variable "region" {
  description = "Where everything is, but for what CloudFront wants in us-east-1. The region that bootstrap was applied with."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Set region to a region such as eu-central-1."
  }
}

variable "availability_zones" {
  description = "Two or three zones of the region. Add at the end."
  type        = list(string)

  validation {
    condition     = alltrue([for zone in var.availability_zones : startswith(zone, var.region)])
    error_message = "Name zones of region, such as eu-central-1a."
  }
}

variable "cidr_block" {
  description = "Addresses of the VPC, a private /16 of its own for each environment."
  type        = string
}

variable "domain_name" {
  description = "The name that people open. The API gets api. in front of it, and letters come from no-reply@ it."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.domain_name))
    error_message = "Give a name such as app.flux.example, without https:// and without a path."
  }
}

variable "hosted_zone_id" {
  description = "Route 53 zone that the names lie in: the one that bootstrap lets this environment write into."
  type        = string

  validation {
    condition     = can(regex("^Z[A-Z0-9]+$", var.hosted_zone_id))
    error_message = "Give the id (Z...) of the hosted zone; `aws route53 list-hosted-zones` shows it."
  }
}

variable "database" {
  description = "Which server holds the data: engine (rds or timescaledb), size and first disk; modules/database says what each costs."
  type = object({
    engine      = string
    size        = string
    storage_gib = number
  })
}

variable "cache_size" {
  description = "How big a node of the cache is: micro, small or medium."
  type        = string
}

variable "capacity" {
  description = "How much is done at once: requests, files, and the requests a second that are let through."
  type = object({
    api_concurrency     = number
    ingest_concurrency  = number
    requests_per_second = number
  })

  # What stands in the way of a rush is meant to be these limits, and not a database that refuses.
  validation {
    condition     = 3 * (var.capacity.api_concurrency + var.capacity.ingest_concurrency + 3) <= 0.9 * module.database.max_connections
    error_message = "Each Lambda takes up to three connections (and sweep, mail and migrate run beside): that is more than 90 % of what the database has. Lower the concurrency, or raise database.size."
  }
}

variable "alarm_emails" {
  description = "Who is told of alarms and of the budget."
  type        = set(string)
}

variable "monthly_budget_usd" {
  description = "What a month of this environment may cost."
  type        = number
}

variable "packages" {
  description = "The SHA-256 of api.zip and of ingest.zip, as sha256sum shows them. A deploy to production names those that ran in staging."
  type = object({
    api    = string
    ingest = string
  })

  validation {
    condition     = alltrue([for digest in values(var.packages) : can(regex("^[0-9a-f]{64}$", digest))])
    error_message = "Give the 64 hexadecimal digits that `sha256sum api.zip ingest.zip` shows."
  }
}

variable "package_files" {
  description = "Where the two zips are on this machine, to be put into the bucket for packages. Without them they have to be there already, under their SHA-256."
  type = object({
    api    = string
    ingest = string
  })
  default = null
}

variable "cache_password" {
  description = "A fresh random password on every run; it is used only where cache_password_version rises (modules/cache)."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "cache_password_version" {
  description = "Raise it by one to give the application another password for the cache."
  type        = number
}
