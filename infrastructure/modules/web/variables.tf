variable "environment" {
  description = "Which of the three environments this is. It is in every name, and decides how long logs are kept."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "Set environment to dev, staging or prod."
  }
}

variable "domain_name" {
  description = "The name that people open: FLUX_PUBLIC_URL without https://."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.domain_name))
    error_message = "Give a name such as app.flux.example, without https:// and without a path."
  }
}

variable "hosted_zone_id" {
  description = "Route 53 zone that the name lies in."
  type        = string

  validation {
    condition     = can(regex("^Z[A-Z0-9]+$", var.hosted_zone_id))
    error_message = "Give the id (Z...) of the hosted zone."
  }
}

variable "api_domain_name" {
  description = "Where /api/* goes, an output of the api module."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.api_domain_name))
    error_message = "Give the API's name, without https:// and without a path."
  }
}

variable "app_data_origin" {
  description = "Where pages PUT files to, an output of the storage module; the Content-Security-Policy admits it."
  type        = string

  validation {
    condition     = can(regex("^https://[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.app_data_origin))
    error_message = "Give the https:// origin of the bucket for owners' files, without a path."
  }
}

variable "pages" {
  description = "The pages that there are, as people see their addresses, without slashes at the ends: \"\" for the first, \"login\", \"dashboard/data\". In a page [name] stands for any one part. All else is a 404."
  type        = set(string)

  validation {
    condition     = contains(var.pages, "") && alltrue([for page in var.pages : can(regex("^$|^(?:[a-z0-9-]+|\\[[A-Za-z0-9]+\\])(?:/(?:[a-z0-9-]+|\\[[A-Za-z0-9]+\\]))*$", page))])
    error_message = "Give pages as \"login\" or \"dashboard/data\", in small letters, and \"\" for the first page."
  }
}

variable "requests_per_five_minutes" {
  description = "How many requests one address may send in five minutes. What is more is refused until it is less."
  type        = number

  validation {
    condition     = var.requests_per_five_minutes >= 100 && var.requests_per_five_minutes <= 100000
    error_message = "Set requests_per_five_minutes from 100 to 100000. A restaurant behind one address opens some 100 files to see its dashboard once."
  }
}

variable "logs_bucket" {
  description = "Bucket for access logs, an output of the storage module."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9.-]+$", var.logs_bucket))
    error_message = "Give the name of the bucket, not its ARN."
  }
}

variable "logs_bucket_arn" {
  description = "The same bucket, as the destination of CloudFront's logs."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9.-]+$", var.logs_bucket_arn))
    error_message = "Give the ARN of one bucket (arn:aws:s3:::name), without a path and without a wildcard."
  }
}
