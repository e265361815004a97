variable "environment" {
  description = "Which of the three environments this is. It is in every name, and decides how long deleted keys and secrets can be had back."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "Set environment to dev, staging or prod."
  }
}

variable "vpc_id" {
  description = "The VPC that the groups belong to."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "Give the id (vpc-...) of the VPC, an output of the network module."
  }
}

variable "endpoints_security_group_id" {
  description = "Group of the interface endpoints (Secrets Manager, SES, logs)."
  type        = string

  validation {
    condition     = startswith(var.endpoints_security_group_id, "sg-")
    error_message = "Give the id (sg-...) of the endpoints' group, an output of the network module."
  }
}

variable "s3_prefix_list_id" {
  description = "Addresses of S3 in the region, which the gateway endpoint leads to."
  type        = string

  validation {
    condition     = startswith(var.s3_prefix_list_id, "pl-")
    error_message = "Give the id (pl-...) of S3's prefix list, an output of the network module."
  }
}

variable "app_data_bucket_arn" {
  description = "Bucket with the owners' files, an output of the storage module."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9.-]+$", var.app_data_bucket_arn))
    error_message = "Give the ARN of one bucket (arn:aws:s3:::name), without a path and without a wildcard."
  }
}

variable "uploads_prefix" {
  description = "What the keys of the owners' files start with, an output of the storage module. The Lambdas touch no other file."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+/$", var.uploads_prefix))
    error_message = "Give one folder with a slash at its end, such as uploads/; an empty prefix would be the whole bucket."
  }
}

variable "redis_url_secret_arn" {
  description = "Secret whose text is REDIS_URL, an output of the cache module."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:secretsmanager:[^:]+:[0-9]{12}:secret:[^*]+$", var.redis_url_secret_arn))
    error_message = "Give the full ARN of the cache's secret (arn:aws:secretsmanager:...), without a wildcard."
  }
}

variable "admin_secret_arn" {
  description = "Secret of the database's administrator, an output of the database module. Only migrate reads it."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:secretsmanager:[^:]+:[0-9]{12}:secret:[^*]+$", var.admin_secret_arn))
    error_message = "Give the full ARN of the administrator's secret (arn:aws:secretsmanager:...), without a wildcard."
  }
}

variable "dead_letter_queue_arn" {
  description = "Queue for uploads that the ingest Lambda gave up."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sqs:[^:]+:[0-9]{12}:[^*]+$", var.dead_letter_queue_arn))
    error_message = "Give the ARN of one queue (arn:aws:sqs:...), without a wildcard."
  }
}

variable "mail_identity_arn" {
  description = "The SES identity that Flux's letters are sent by."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:ses:[^:]+:[0-9]{12}:identity/[^*]+$", var.mail_identity_arn))
    error_message = "Give the ARN of one SES identity (arn:aws:ses:...:identity/...), without a wildcard."
  }
}

variable "mail_from_address" {
  description = "The one address that letters come from: that of FLUX_MAIL_FROM, without the name."
  type        = string

  validation {
    condition     = can(regex("^[^@<>* ]+@[^@<>* ]+\\.[^@<>* ]+$", var.mail_from_address))
    error_message = "Give a bare address such as no-reply@example.com, without a name and without < and >."
  }
}

variable "permissions_boundary_arn" {
  description = "Boundary of every role made here: output workload_boundary_arns of bootstrap. Without it the deploy role may not create one."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:policy/.+$", var.permissions_boundary_arn))
    error_message = "Give the ARN of the workload boundary that bootstrap made (arn:aws:iam::...:policy/bootstrap/...)."
  }
}
