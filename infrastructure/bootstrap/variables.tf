variable "account_id" {
  description = "The AWS account. Credentials of another one are refused."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "Set account_id to the 12 digits that `aws sts get-caller-identity` shows."
  }
}

variable "region" {
  description = "Region of the state bucket, and the only one that the deploy roles may build in (with us-east-1 for CloudFront)."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Set region to a region such as eu-central-1."
  }
}

variable "github_repository" {
  description = "The one repository that may deploy, with the numbers that GitHub gave to it and to its owner. A name can be taken by somebody else one day, a number cannot."
  type = object({
    owner    = string
    name     = string
    owner_id = number
    id       = number
  })

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+$", var.github_repository.owner)) && can(regex("^[A-Za-z0-9._-]+$", var.github_repository.name))
    error_message = "Set owner and name without wildcard or slash, as in github.com/OWNER/NAME."
  }

  validation {
    condition     = var.github_repository.owner_id > 0 && var.github_repository.id > 0
    error_message = "Set owner_id and id to the numbers that `gh api repos/OWNER/NAME --jq '[.owner.id, .id]'` shows."
  }
}

variable "hosted_zone_ids" {
  description = "Route 53 zone that each environment may write records into. Give prod a zone of its own."
  type = object({
    dev     = string
    staging = string
    prod    = string
  })

  validation {
    condition     = alltrue([for id in values(var.hosted_zone_ids) : can(regex("^Z[A-Z0-9]+$", id))])
    error_message = "Give the id (Z...) of a hosted zone for dev, staging and prod; `aws route53 list-hosted-zones` shows them."
  }

  validation {
    condition     = !contains([var.hosted_zone_ids.dev, var.hosted_zone_ids.staging], var.hosted_zone_ids.prod)
    error_message = "Give prod a hosted zone of its own, or a deploy to dev could point the product elsewhere."
  }
}
